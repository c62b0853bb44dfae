/**
 * Reads little-endian numbers one after another. Never throws: past the end it returns 0 and `complete` turns
 * false for good, so that a decoder checks once at its end.
 */
export class ByteReader {
  readonly #view: DataView;
  #offset = 0;
  #short = false;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Nothing was read past the end. */
  get complete(): boolean {
    return !this.#short;
  }

  /** Everything was read, and nothing past the end. */
  get atEnd(): boolean {
    return this.complete && this.#offset === this.#view.byteLength;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  i32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getInt32(at, true);
  }

  f64(): number {
    const at = this.#take(8);
    return at < 0 ? 0 : this.#view.getFloat64(at, true);
  }

  #take(size: number): number {
    if (this.#short || this.#offset + size > this.#view.byteLength) {
      this.#short = true;
      return -1;
    }
    const at = this.#offset;
    this.#offset += size;
    return at;
  }
}
