import { api } from './api-client.js';
import { askInto } from './ask-into.js';
import type { ConsoleState } from './console-state.js';
import type { EventLog } from './event-log.js';
import type { Store } from './store.js';

/** The display that the target sees: asked for and changed over HTTP, kept in the page's one state. */
export class EdidActions {
  readonly #store: Store<ConsoleState>;
  readonly #log: EventLog;

  constructor(store: Store<ConsoleState>, log: EventLog) {
    this.#store = store;
    this.#log = log;
  }

  load(): Promise<void> {
    return askInto(this.#store, 'edid', api.edid());
  }

  /** A preset by name, or the bytes of an EDID. */
  async choose(choice: string | ArrayBuffer): Promise<void> {
    if (this.#store.value.edidBusy) return;
    await askInto(this.#store, 'edid', api.changeEdid(choice));
    const { edid, edidError } = this.#store.value;
    if (edidError === null) this.#log.add(`Display for the target: ${edid?.choice}`, 'info');
  }
}
