import type { ConsoleState } from './console-state.js';
import type { Store } from './store.js';

/**
 * Shows in the page's one state how a request goes: that it is under way, the part of the state that is its reply, or why it
 * failed. Never rejects.
 */
export async function askInto<Part extends 'usb' | 'edid'>(
  store: Store<ConsoleState>,
  part: Part,
  request: Promise<ConsoleState[Part]>,
): Promise<void> {
  const show = (busy: boolean, error: string | null, reply?: ConsoleState[Part]) => {
    const news = { [`${part}Busy`]: busy, [`${part}Error`]: error };
    store.update(reply === undefined ? news : { ...news, [part]: reply });
  };
  show(true, null);
  try {
    show(false, null, await request);
  } catch (error) {
    const before = store.value[part];
    // Drawn anew, so that what the user chose gives way to what the target still sees.
    show(false, (error as Error).message, before && { ...before });
  }
}
