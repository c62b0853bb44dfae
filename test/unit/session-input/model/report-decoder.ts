import type { HidFunction } from '../../../../server/hid/hid-port.js';

/** What an operating system makes of the reports; written from the HID specification, not from our encoders. */
export class ReportDecoder {
  #modifiers = 0;
  #keys: number[] = [];
  #rolledOver = false;
  #consumer = 0;
  #system = 0;
  #absoluteButtons = 0;
  #relativeButtons = 0;
  x = 0;
  y = 0;
  relX = 0;
  relY = 0;
  wheel = 0;
  pan = 0;
  /** Each change in order: key usage down or up, or button and place. */
  readonly keyLog: string[] = [];
  readonly buttonLog: string[] = [];
  /** Hears of each key of the keyboard that goes up. */
  onKeyUp: ((usage: number) => void) | null = null;

  /** More keys than six are down: which ones is unknown. */
  get rolledOver(): boolean {
    return this.#rolledOver;
  }

  /** All that is down, sorted: usages as KeyUsage, mouse buttons as 'button n'. */
  held(): string[] {
    const held = [...this.#keyUsages()].map(String);
    if (this.#consumer) held.push(String(0x1000 | this.#consumer));
    if (this.#system) held.push(String(0x2000 + 0x80 + this.#system));
    const buttons = this.#absoluteButtons | this.#relativeButtons;
    for (let bit = 0; bit < 8; bit += 1) if (buttons & (1 << bit)) held.push(`button ${bit}`);
    return held.sort();
  }

  /** A host that just came sees nothing held. */
  clear(): void {
    this.#modifiers = 0;
    this.#keys = [];
    this.#rolledOver = false;
    this.#consumer = 0;
    this.#system = 0;
    this.#absoluteButtons = 0;
    this.#relativeButtons = 0;
  }

  take(fn: HidFunction, report: Uint8Array): void {
    const at = (index: number): number => report[index] ?? 0;
    const signed = (index: number): number => (at(index) << 24) >> 24;
    switch (fn) {
      case 'keyboard':
        expectLength(report, 8);
        this.#takeKeys(at(0), [...report.subarray(2)]);
        break;
      case 'absolute-mouse':
        expectLength(report, 7);
        this.x = at(1) | (at(2) << 8);
        this.y = at(3) | (at(4) << 8);
        if (this.x > 0x7fff || this.y > 0x7fff) throw new Error('position out of range');
        this.wheel += signed(5);
        this.pan += signed(6);
        this.#logButtons(this.#absoluteButtons, at(0), `${this.x},${this.y}`);
        this.#absoluteButtons = at(0);
        break;
      case 'relative-mouse':
        expectLength(report, 5);
        this.relX += signed(1);
        this.relY += signed(2);
        this.wheel += signed(3);
        this.pan += signed(4);
        this.#logButtons(this.#relativeButtons, at(0), `${this.relX},${this.relY} relative`);
        this.#relativeButtons = at(0);
        break;
      case 'consumer':
        expectLength(report, at(0) === 1 ? 3 : 2);
        if (at(0) === 1) this.#consumer = at(1) | (at(2) << 8);
        else this.#system = at(1);
        break;
    }
  }

  #takeKeys(modifiers: number, keys: number[]): void {
    const before = this.#keyUsages();
    this.#rolledOver = keys.every((key) => key === 1);
    this.#modifiers = modifiers;
    // A host that is told of a roll-over keeps the keys that it knows.
    if (!this.#rolledOver) this.#keys = keys.filter((key) => key !== 0);
    const after = this.#keyUsages();
    for (const usage of before) {
      if (after.has(usage)) continue;
      this.keyLog.push(`${usage} up`);
      this.onKeyUp?.(usage);
    }
    for (const usage of after) if (!before.has(usage)) this.keyLog.push(`${usage} down`);
  }

  #keyUsages(): Set<number> {
    const usages = new Set(this.#keys);
    for (let bit = 0; bit < 8; bit += 1) {
      if (this.#modifiers & (1 << bit)) usages.add(0xe0 + bit);
    }
    return usages;
  }

  #logButtons(before: number, after: number, place: string): void {
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = (before ^ after) & (1 << bit);
      if (changed) this.buttonLog.push(`${bit} ${after & changed ? 'down' : 'up'} ${place}`);
    }
  }
}

function expectLength(report: Uint8Array, length: number): void {
  if (report.length !== length) throw new Error(`report of ${report.length} bytes`);
}
