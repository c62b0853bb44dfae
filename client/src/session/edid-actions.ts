import type { EdidReply } from '../../../server/protocol/api.js';
import { api } from './api-client.js';
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
    return this.#run(api.edid());
  }

  /** A preset by name, or the bytes of an EDID. */
  async choose(choice: string | ArrayBuffer): Promise<void> {
    if (this.#store.value.edidBusy) return;
    await this.#run(api.changeEdid(choice));
    const { edid, edidError } = this.#store.value;
    if (edidError === null) this.#log.add(`Display for the target: ${edid?.choice}`, 'info');
  }

  async #run(request: Promise<EdidReply>): Promise<void> {
    this.#store.update({ edidBusy: true, edidError: null });
    try {
      this.#store.update({ edid: await request });
    } catch (error) {
      // Drawn anew, so that the list shows again what the target sees and not what was refused.
      const { edid } = this.#store.value;
      this.#store.update({ edid: edid && { ...edid }, edidError: (error as Error).message });
    } finally {
      this.#store.update({ edidBusy: false });
    }
  }
}
