import { type AccessUnit, rtpTimestamp } from '../../../server/protocol/access-unit.js';
import { codecStringOf } from './codec-string.js';
import { DecodeGate } from './decode-gate.js';
import type { PictureCounts, ReceivingSurface, ShownPicture } from './picture.js';

/** A decoder that has failed this often in a row, without a picture in between, will not work here. */
const MAX_FAILURES = 5;

/** Access units decoded by WebCodecs onto a canvas; the newest decoded picture is drawn at the next refresh. */
export class CanvasSurface implements ReceivingSurface {
  readonly element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #shown: (picture: ShownPicture) => void;
  readonly #gate: DecodeGate;
  readonly #undecodable: () => void;
  #failures = 0;
  #decoder: VideoDecoder | null = null;
  #codec: string | null = null;
  #newest: VideoFrame | null = null;
  #animation = 0;
  #frames = 0;
  #bytes = 0;
  #closed = false;

  /** `undecodable` is told when this browser does not decode the stream at all. */
  constructor(
    shown: (picture: ShownPicture) => void,
    askKeyframe: () => void,
    undecodable: () => void,
  ) {
    this.element = document.createElement('canvas');
    const context = this.element.getContext('2d', { alpha: false, desynchronized: true });
    if (!context) throw new Error('This browser gives no 2D canvas.');
    this.#context = context;
    this.#shown = shown;
    this.#undecodable = undecodable;
    this.#gate = new DecodeGate(askKeyframe);
  }

  /** Takes one received picture; `unit.data` is copied by the decoder. */
  receive(unit: AccessUnit): void {
    this.#bytes += unit.data.length;
    if (this.#closed || !this.#gate.admit(unit.keyframe, performance.now())) return;
    try {
      this.#decoderFor(unit)?.decode(
        new EncodedVideoChunk({
          type: unit.keyframe ? 'key' : 'delta',
          timestamp: unit.timestampUs,
          data: unit.data as Uint8Array<ArrayBuffer>,
        }),
      );
    } catch {
      this.#failed();
    }
  }

  /** Milliseconds that the decoder is behind. */
  backlogMs(): number {
    return this.#gate.backlogMs(performance.now());
  }

  counts(): Promise<PictureCounts> {
    return Promise.resolve({ frames: this.#frames, bytes: this.#bytes, lostPercent: null });
  }

  moved(): void {}

  /** A canvas keeps what was drawn last. */
  freeze(): void {}

  close(): void {
    this.#closed = true;
    cancelAnimationFrame(this.#animation);
    this.#newest?.close();
    this.#newest = null;
    this.#dropDecoder();
    this.element.remove();
  }

  #decoderFor(unit: AccessUnit): VideoDecoder | null {
    const codec = unit.keyframe ? codecStringOf(unit.data) : this.#codec;
    if (!codec) return null;
    if (codec !== this.#codec || !this.#decoder) {
      this.#dropDecoder();
      this.#codec = codec;
      this.#decoder = new VideoDecoder({
        output: (frame) => this.#decoded(frame),
        error: () => this.#failed(),
      });
      // Annex B without a description: parameter sets come with each keyframe.
      this.#decoder.configure({ codec, optimizeForLatency: true });
    }
    return this.#decoder;
  }

  /** A decoder that failed is closed for good: a new one starts at the next keyframe. */
  #failed(): void {
    this.#dropDecoder();
    if (this.#closed) return;
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) this.#gate.restart();
    else this.#undecodable();
  }

  #dropDecoder(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoder = null;
    this.#codec = null;
  }

  #decoded(frame: VideoFrame): void {
    this.#gate.decoded();
    this.#failures = 0;
    if (this.#closed) {
      frame.close();
      return;
    }
    this.#frames += 1;
    if (this.#newest) this.#newest.close();
    else this.#animation = requestAnimationFrame(() => this.#draw());
    this.#newest = frame;
  }

  #draw(): void {
    const frame = this.#newest;
    this.#newest = null;
    if (!frame) return;
    const { displayWidth: width, displayHeight: height } = frame;
    if (this.element.width !== width || this.element.height !== height) {
      this.element.width = width;
      this.element.height = height;
    }
    this.#context.drawImage(frame, 0, 0);
    const timestampUs = frame.timestamp;
    frame.close();
    const atMs = performance.now();
    this.#shown({ rtpTimestamp: rtpTimestamp(timestampUs), width, height, atMs });
  }
}
