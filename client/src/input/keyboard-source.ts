import { HID_USAGES } from '../../../server/protocol/hid-usages.js';
import type { KeyUsage } from '../../../server/protocol/key-usage.js';
import { browserClock, type InputClock } from './input-clock.js';
import { keyCodeOf } from './key-code-of.js';

/** What is needed of a KeyboardEvent. */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly location: number;
  readonly repeat: boolean;
  readonly timeStamp: number;
  getModifierState(name: string): boolean;
  preventDefault(): void;
}

/** Where keys go: the input sender. */
export interface KeySink {
  readonly active: boolean;
  key(usage: KeyUsage, down: boolean): void;
  releaseAll(): void;
}

export interface KeyboardSourceOptions {
  /** Keyboards differ by what the viewer's system makes of them. */
  platform: 'mac' | 'windows' | 'other';
  /** Tapped alone, this key gives the keyboard back to the page; null for none. */
  releaseCode: string | null;
  onRelease(): void;
  clock?: InputClock;
}

/** The synthetic Control of AltGr comes within the same moment; a finger does not. */
const ALT_GR_WINDOW_MS = 1;
/** A Control on Windows waits this long for the AltGr that would explain it. */
const ALT_GR_WAIT_MS = 10;
/** A release key held longer is meant for the target. */
const TAP_MS = 500;

/** Modifiers whose keyup some systems swallow, by their names in `key` and in getModifierState(). */
const CHECKED_MODIFIERS = ['Shift', 'Meta'];

/**
 * Key events of the page as keys of the target, by their place on the keyboard. Input methods, dead keys and
 * layouts do not matter: `code` is read also while a composition runs (`isComposing`, key 'Process').
 */
export class KeyboardSource {
  readonly #sink: KeySink;
  readonly #options: KeyboardSourceOptions;
  readonly #clock: InputClock;
  /** Codes that are down, with what `key` was at the press. */
  readonly #down = new Map<string, string>();
  /** A key that is down but not sent yet: it may turn out not to be meant for the target. */
  #waiting: { code: string; usage: KeyUsage; timeStamp: number; cancel: () => void } | null = null;

  constructor(sink: KeySink, options: KeyboardSourceOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#clock = options.clock ?? browserClock;
  }

  keyDown(event: KeyPress): void {
    const found = this.#take(event);
    if (!found || event.repeat) return;
    const { code, usage } = found;
    const { platform, releaseCode } = this.#options;
    if (this.#waiting?.code === 'ControlLeft' && this.#isAltGr(code, event)) this.#dropWaiting();
    this.flush();
    this.#releaseSwallowed(event, code);
    if (platform === 'mac' && code === 'CapsLock') {
      this.#tap(usage);
      return;
    }
    this.#down.set(code, event.key);
    if (code === releaseCode && this.#down.size === 1) {
      this.#wait(code, usage, event, TAP_MS);
    } else if (platform === 'windows' && code === 'ControlLeft') {
      this.#wait(code, usage, event, ALT_GR_WAIT_MS);
    } else {
      this.#sink.key(usage, true);
    }
  }

  keyUp(event: KeyPress): void {
    // Also without control: what is up is up.
    this.#down.delete(keyCodeOf(event) ?? '');
    const found = this.#take(event);
    if (!found) return;
    const { code, usage } = found;
    const { platform, releaseCode, onRelease } = this.#options;
    if (platform === 'mac' && code === 'CapsLock') {
      // macOS sends keydown when the lock goes on and keyup when it goes off.
      this.#tap(usage);
      return;
    }
    const tapped = this.#waiting?.code === code && code === releaseCode;
    if (tapped) this.#dropWaiting();
    else this.flush();
    this.#sink.key(usage, false);
    this.#releaseSwallowed(event, code);
    if (platform === 'mac' && code.startsWith('Meta')) this.#releaseUnderMeta();
    if (tapped) onRelease();
  }

  /** Sends a key that waits: something else happened while it was down, so it is meant for the target. */
  flush(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#dropWaiting();
    this.#sink.key(waiting.usage, true);
  }

  /** The page lost the focus, is hidden or goes away: nothing is down any more. */
  blur(): void {
    this.#dropWaiting();
    this.#down.clear();
    this.#sink.releaseAll();
  }

  /** Keeps the event from the page if it is for the target. */
  #take(event: KeyPress): { code: string; usage: KeyUsage } | null {
    if (!this.#sink.active) return null;
    const code = keyCodeOf(event);
    const usage = code === null ? undefined : HID_USAGES.get(code);
    if (code === null || usage === undefined) return null;
    event.preventDefault();
    return { code, usage };
  }

  #wait(code: string, usage: KeyUsage, event: KeyPress, delayMs: number): void {
    const cancel = this.#clock.after(delayMs, () => this.flush());
    this.#waiting = { code, usage, timeStamp: event.timeStamp, cancel };
  }

  #dropWaiting(): void {
    this.#waiting?.cancel();
    this.#waiting = null;
  }

  /** Windows presses a left Control together with AltGr that nobody pressed. */
  #isAltGr(code: string, event: KeyPress): boolean {
    const sinceMs = event.timeStamp - (this.#waiting?.timeStamp ?? 0);
    return code === 'AltRight' && Math.abs(sinceMs) <= ALT_GR_WINDOW_MS;
  }

  #tap(usage: KeyUsage): void {
    this.#sink.key(usage, true);
    this.#sink.key(usage, false);
  }

  /** Windows swallows the keyup of one Shift while the other is down, and of Meta when it locks the screen. */
  #releaseSwallowed(event: KeyPress, current: string): void {
    for (const [code, key] of [...this.#down]) {
      if (code === current || !CHECKED_MODIFIERS.includes(key)) continue;
      if (!event.getModifierState(key)) this.#release(code);
    }
  }

  /** macOS sends no keyup for keys let go while Meta was down: they end with it. */
  #releaseUnderMeta(): void {
    if (this.#down.has('MetaLeft') || this.#down.has('MetaRight')) return;
    for (const [code, key] of [...this.#down]) {
      if (!/^(Shift|Control|Alt)$/.test(key)) this.#release(code);
    }
  }

  #release(code: string): void {
    this.#down.delete(code);
    const usage = HID_USAGES.get(code);
    if (usage !== undefined) this.#sink.key(usage, false);
  }
}
