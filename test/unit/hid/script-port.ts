import type {
  HidFunction,
  HidPort,
  HidPortListener,
  WriteResult,
} from '../../../server/hid/hid-port.js';
import type { HidState } from '../../../server/protocol/control-messages.js';

/** A port whose answers a test sets; keeps what was written as hex, with the function's name in front. */
export class ScriptPort implements HidPort {
  state: HidState = 'configured';
  functions?: readonly HidFunction[];
  answer: WriteResult = 'written';
  /** Reports that are still taken before `answer` is given. */
  room = Number.POSITIVE_INFINITY;
  readonly written: string[] = [];
  wakes = 0;
  listener: HidPortListener | null = null;

  readonly wake?: () => void;

  constructor(options: { wakes: boolean } = { wakes: true }) {
    if (!options.wakes) return;
    this.wake = () => {
      this.wakes += 1;
    };
  }

  write(fn: HidFunction, report: Uint8Array): WriteResult {
    if (this.room === 0) return this.answer;
    this.room -= 1;
    this.written.push(`${fn} ${Buffer.from(report).toString('hex')}`);
    return 'written';
  }

  listen(listener: HidPortListener): void {
    this.listener = listener;
  }

  /** No more reports are taken: the host does not drain, or is gone. */
  stop(answer: WriteResult): void {
    this.room = 0;
    this.answer = answer;
  }

  /** Reports are taken again; `fn` is told. */
  go(fn: HidFunction, room = Number.POSITIVE_INFINITY): void {
    this.room = room;
    this.listener?.writable(fn);
  }

  change(state: HidState): void {
    this.state = state;
    this.listener?.stateChanged(state);
  }

  /** What was written since the last call. */
  take(): string[] {
    return this.written.splice(0);
  }
}
