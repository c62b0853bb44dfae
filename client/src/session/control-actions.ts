import type { ClientMessage } from '../../../server/protocol/control-messages.js';
import { ERRORS, type ErrorCode } from '../../../server/protocol/error-codes.js';
import type { ConsoleState } from './console-state.js';
import type { Store } from './store.js';

/** Taking control, asking for it, and answering who asks. */
export class ControlActions {
  readonly #store: Store<ConsoleState>;
  readonly #send: (message: ClientMessage) => void;

  constructor(store: Store<ConsoleState>, send: (message: ClientMessage) => void) {
    this.#store = store;
    this.#send = send;
  }

  take(): void {
    this.dismissNews();
    this.#send({ type: 'take-control' });
  }

  /** Asks the one in control, or no longer asks. */
  ask(ask: boolean): void {
    this.dismissNews();
    this.#send({ type: ask ? 'request-control' : 'withdraw-request' });
  }

  refuse(viewer: string): void {
    this.#send({ type: 'refuse-control', viewer });
  }

  dismissNews(): void {
    this.#store.update({ controlLost: false, controlRefused: null });
  }
}

/** Why control was refused, with the name of who has it. */
export function refusalWords(reason: ErrorCode, holder: string | null): string {
  return reason === 'control-refused' && holder !== null
    ? `${holder} keeps control for now`
    : ERRORS[reason].message;
}
