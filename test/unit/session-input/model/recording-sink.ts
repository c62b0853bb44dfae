import type { KeyUsage, MouseButton } from '../../../../server/protocol/key-usage.js';
import type {
  InputSink,
  InputSource,
  PointerUpdate,
} from '../../../../server/session/input-sink.js';

/** Passes everything on and writes it down in one order across keyboard and pointer. */
export class RecordingSink implements InputSink {
  readonly log: string[] = [];
  readonly #sink: InputSink;
  #place = '';

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  key(source: InputSource, usage: KeyUsage, down: boolean): void {
    this.log.push(`key ${usage} ${down ? 'down' : 'up'}`);
    this.#sink.key(source, usage, down);
  }

  button(source: InputSource, button: MouseButton, down: boolean, pointer: PointerUpdate): void {
    this.#moved(pointer);
    this.log.push(`button ${button} ${down ? 'down' : 'up'} ${this.#place}`);
    this.#sink.button(source, button, down, pointer);
  }

  move(source: InputSource, pointer: PointerUpdate): void {
    this.#moved(pointer);
    this.#sink.move(source, pointer);
  }

  releaseAll(source: InputSource): void {
    this.#sink.releaseAll(source);
  }

  #moved(pointer: PointerUpdate): void {
    if (pointer.mode === 'absolute' && this.#place !== `${pointer.x},${pointer.y}`) {
      this.#place = `${pointer.x},${pointer.y}`;
      this.log.push(`move ${this.#place}`);
    }
    if (pointer.wheel !== 0) this.log.push(`wheel ${pointer.wheel}`);
  }
}
