import type { KeyUsage, MouseButton } from '../../../../server/protocol/key-usage.js';
import type {
  InputSink,
  InputSource,
  PointerUpdate,
} from '../../../../server/session/input-sink.js';

/** How a broken build differs from ours. */
export type Mutation = 'drops-every-tenth-event' | 'drops-every-release';

/** A build that is broken between the sessions and the target: the property tests must find out. */
export class MutantSink implements InputSink {
  readonly #sink: InputSink;
  readonly #mutation: Mutation;
  #events = 0;

  constructor(sink: InputSink, mutation: Mutation) {
    this.#sink = sink;
    this.#mutation = mutation;
  }

  key(source: InputSource, usage: KeyUsage, down: boolean): void {
    if (this.#passes(down)) this.#sink.key(source, usage, down);
  }

  button(source: InputSource, button: MouseButton, down: boolean, pointer: PointerUpdate): void {
    if (this.#passes(down)) this.#sink.button(source, button, down, pointer);
  }

  move(source: InputSource, pointer: PointerUpdate): void {
    this.#sink.move(source, pointer);
  }

  releaseAll(source: InputSource): void {
    if (this.#passes(false)) this.#sink.releaseAll(source);
  }

  #passes(down: boolean): boolean {
    if (this.#mutation === 'drops-every-release') return down;
    this.#events += 1;
    return this.#events % 10 !== 0;
  }
}
