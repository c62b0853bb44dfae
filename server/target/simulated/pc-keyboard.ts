import { translate } from './us-layout.js';
import type { TimerScope } from './virtual-clock.js';

/** A key went down, repeats or went up. */
export interface KeyEvent {
  usage: number;
  pressed: boolean;
  repeat: boolean;
  /** Name of a key without a character ('Enter', 'ArrowUp', 'F1'), else ''. */
  key: string;
  /** The character that it types, else ''. Empty with Ctrl, Alt or Meta held. */
  character: string;
  shift: boolean;
  ctrl: boolean;
  alt: boolean;
  /** The right Alt key; a US keyboard types nothing with it. */
  altGr: boolean;
  meta: boolean;
}

export interface PcKeyboardListener {
  key(event: KeyEvent): void;
  /** The host writes the LED output report: bit 0 Num, 1 Caps, 2 Scroll. */
  leds(bits: number): void;
}

export const LED_NUM = 1;
export const LED_CAPS = 2;
export const LED_SCROLL = 4;

const REPORT_LENGTH = 8;
const ERROR_ROLLOVER = 0x01;
const FIRST_KEY = 0x04;
const FIRST_MODIFIER = 0xe0;
const REPEAT_DELAY_MS = 500;
const REPEAT_PERIOD_MS = 1000 / 30;
const LOCKS: ReadonlyMap<number, number> = new Map([
  [0x53, LED_NUM],
  [0x39, LED_CAPS],
  [0x47, LED_SCROLL],
]);

/** Decodes boot keyboard reports (HID 1.11 appendix B.1) as an operating system does: locks, auto-repeat, layout. */
export class PcKeyboard {
  readonly #timers: TimerScope;
  readonly #listener: PcKeyboardListener;
  #modifiers = 0;
  #held: number[] = [];
  #leds = 0;
  #repeating = 0;
  #stopRepeat = () => {};

  constructor(timers: TimerScope, listener: PcKeyboardListener) {
    this.#timers = timers;
    this.#listener = listener;
  }

  get leds(): number {
    return this.#leds;
  }

  /** Usages of the keys that are down, modifiers apart. */
  get held(): readonly number[] {
    return this.#held;
  }

  /** Takes one report: modifiers, a reserved byte, six usages. Other lengths are dropped, as a host does. */
  report(bytes: Uint8Array): void {
    if (bytes.length !== REPORT_LENGTH) return;
    this.#setModifiers(bytes[0] as number);
    const keys = bytes.subarray(2);
    // Too many keys at once: the array says nothing about which ones are down.
    if (keys.includes(ERROR_ROLLOVER)) return;
    const now = [...new Set(keys)].filter((usage) => usage >= FIRST_KEY);
    const before = this.#held;
    this.#held = now;
    for (const usage of before) if (!now.includes(usage)) this.#release(usage);
    for (const usage of now) if (!before.includes(usage)) this.#press(usage);
  }

  /** The operating system stops: a held key repeats no longer. */
  suspend(): void {
    this.#stopRepeat();
  }

  /** The bus was reset: nothing is held, the lamps are off. The host tells the keyboard so. */
  enumerate(): void {
    this.#stopRepeat();
    this.#held = [];
    this.#modifiers = 0;
    this.#leds = 0;
    this.#listener.leds(0);
  }

  #setModifiers(modifiers: number): void {
    const changed = modifiers ^ this.#modifiers;
    this.#modifiers = modifiers;
    for (let bit = 0; bit < 8; bit++) {
      if (changed & (1 << bit)) {
        this.#emit(FIRST_MODIFIER + bit, (modifiers & (1 << bit)) !== 0, false);
      }
    }
  }

  #press(usage: number): void {
    this.#stopRepeat();
    const lock = LOCKS.get(usage);
    if (lock !== undefined) {
      this.#leds ^= lock;
      this.#listener.leds(this.#leds);
      this.#emit(usage, true, false);
      return;
    }
    let stopped = false;
    let stopTimer = () => {};
    const repeat = () => {
      this.#emit(usage, true, true);
      if (!stopped) stopTimer = this.#timers.after(REPEAT_PERIOD_MS, repeat);
    };
    stopTimer = this.#timers.after(REPEAT_DELAY_MS, repeat);
    this.#stopRepeat = () => {
      stopped = true;
      stopTimer();
    };
    this.#repeating = usage;
    this.#emit(usage, true, false);
  }

  #release(usage: number): void {
    if (usage === this.#repeating) this.#stopRepeat();
    this.#emit(usage, false, false);
  }

  #emit(usage: number, pressed: boolean, repeat: boolean): void {
    const on = (mask: number) => (this.#modifiers & mask) !== 0;
    const shift = on(0x22);
    const caps = (this.#leds & LED_CAPS) !== 0;
    const num = (this.#leds & LED_NUM) !== 0;
    const { key, character } = translate(usage, shift, caps, num);
    const chord = on(0x11) || on(0x44) || on(0x88);
    this.#listener.key({
      usage,
      pressed,
      repeat,
      key: key || (chord ? character.toLowerCase() : ''),
      character: chord ? '' : character,
      shift,
      ctrl: on(0x11),
      alt: on(0x04),
      altGr: on(0x40),
      meta: on(0x88),
    });
  }
}
