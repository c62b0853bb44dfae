/** Writes little-endian numbers one after another into a buffer that its owner reuses. */
export class ByteWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written, or all but the first `length` bytes. */
  reset(length = 0): void {
    this.#length = length;
  }

  u8(value: number): void {
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  u16(value: number): void {
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  i32(value: number): void {
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A view of what was written, valid until the next write or reset. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}
