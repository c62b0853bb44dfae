import type { ConsoleState, LogLine } from './console-state.js';
import type { Store } from './store.js';
import { viewerNews } from './viewer-news.js';

/** Lines kept. */
const MAX_LINES = 500;

/** The log on the page: what happened to the connection and the target, never what was typed. */
export class EventLog {
  readonly #store: Store<ConsoleState>;

  constructor(store: Store<ConsoleState>) {
    this.#store = store;
  }

  /** Adds a line. What is said again, as at each attempt to reconnect, is counted in the line that says it. */
  add(text: string, kind: LogLine['kind'] = 'normal'): void {
    const { log } = this.#store.value;
    const last = log.at(-1);
    const again = last !== undefined && last.text === text && last.kind === kind;
    const next = again
      ? [...log.slice(0, -1), { ...last, times: (last.times ?? 1) + 1 }]
      : [...log, { at: Date.now(), kind, text }].slice(-MAX_LINES);
    this.#store.update({ log: next });
  }

  /** Says what differs between two states in the words of the log. */
  compare(before: ConsoleState, after: ConsoleState): void {
    const [was, is] = [before.remote, after.remote];
    if (after.signal !== before.signal && is) {
      if (after.signal === 'ok') this.add(`Signal ${is.video.width}x${is.video.height}`, 'info');
      else if (after.signal) this.add(`Signal lost: ${after.signal.replaceAll('-', ' ')}`, 'error');
    } else if (was && is && was.video.width !== is.video.width && is.video.width > 0) {
      this.add(`Signal ${is.video.width}x${is.video.height}`, 'info');
    }
    if (was && is) for (const text of viewerNews(was, is, after.viewerId)) this.add(text);
    if (is && was?.hid.state !== is.hid.state) this.add(`USB ${is.hid.state}`);
    const locks = [
      ['Num Lock', 'numLock'],
      ['Caps Lock', 'capsLock'],
      ['Scroll Lock', 'scrollLock'],
    ] as const;
    for (const [name, key] of locks) {
      const [old, now] = [was?.hid.leds?.[key], is?.hid.leds?.[key]];
      if (old !== undefined && now !== undefined && old !== now) {
        this.add(`Target: ${name} ${now ? 'on' : 'off'}`);
      }
    }
  }
}
