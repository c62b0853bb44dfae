import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type KeyEvent, PcKeyboard } from '../../../../server/target/simulated/pc-keyboard.js';
import { VirtualClock } from '../../../../server/target/simulated/virtual-clock.js';
import { keys, LETTER_A, RELEASED } from './pc-bench.js';

const CAPS = 0x39;
const NUM = 0x53;
const SCROLL = 0x47;
const SHIFT = 0x02;
const ALT_GR = 0x40;

function createKeyboard() {
  const clock = new VirtualClock();
  const events: KeyEvent[] = [];
  const leds: number[] = [];
  const keyboard = new PcKeyboard(clock.scope(), {
    key: (event) => events.push(event),
    leds: (bits) => leds.push(bits),
  });
  const press = (modifiers: number, ...usages: number[]) => {
    keyboard.report(keys(modifiers, ...usages));
    keyboard.report(RELEASED);
  };
  const typed = () =>
    events
      .filter(({ pressed }) => pressed)
      .map(({ character }) => character)
      .join('');
  return { clock, events, leds, keyboard, press, typed };
}

describe('PcKeyboard', () => {
  it('types every character of a US keyboard', () => {
    const { press, typed } = createKeyboard();
    const usages = [...range(0x04, 0x27), ...range(0x2c, 0x31), ...range(0x33, 0x38)];
    for (const usage of usages) press(0, usage);
    for (const usage of usages) press(SHIFT, usage);
    assert.equal(
      typed(),
      "abcdefghijklmnopqrstuvwxyz1234567890 -=[]\\;'`,./" +
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*() _+{}|:"~<>?',
    );
  });

  it('takes the right Shift key like the left one', () => {
    const { press, typed } = createKeyboard();
    press(0x20, LETTER_A);
    assert.equal(typed(), 'A');
  });

  it('turns letters round with Caps Lock, digits not, and reports the lamp', () => {
    const { press, typed, leds } = createKeyboard();
    press(0, CAPS);
    press(0, LETTER_A);
    press(SHIFT, LETTER_A);
    press(0, 0x1e);
    press(0, CAPS);
    press(0, LETTER_A);
    assert.equal(typed(), 'Aa1a');
    assert.deepEqual(leds, [2, 0]);
  });

  it('gives digits on the keypad with Num Lock and cursor keys without', () => {
    const { press, typed, events, leds } = createKeyboard();
    press(0, 0x5c);
    press(0, NUM);
    press(0, 0x5c);
    press(SHIFT, 0x5c);
    const names = events.filter(({ pressed, usage }) => pressed && usage === 0x5c);
    assert.deepEqual(
      names.map(({ key, character }) => key || character),
      ['ArrowLeft', '4', 'ArrowLeft'],
    );
    assert.equal(typed(), '4');
    assert.deepEqual(leds, [1]);
  });

  it('adds up the three lamps', () => {
    const { press, leds } = createKeyboard();
    for (const usage of [NUM, CAPS, SCROLL]) press(0, usage);
    assert.deepEqual(leds, [1, 3, 7]);
  });

  it('types nothing with AltGr, and tells it from the left Alt key', () => {
    const { press, events, typed } = createKeyboard();
    press(ALT_GR, LETTER_A);
    press(0x04, LETTER_A);
    const [right, left] = events.filter(({ usage, pressed }) => usage === LETTER_A && pressed);
    assert.deepEqual([right?.altGr, right?.alt], [true, false]);
    assert.deepEqual([left?.altGr, left?.alt], [false, true]);
    assert.equal(typed(), '');
  });

  it('names modifiers as keys of their own', () => {
    const { keyboard, events } = createKeyboard();
    keyboard.report(keys(0xff));
    keyboard.report(RELEASED);
    assert.equal(events.length, 16);
    assert.deepEqual(
      events.slice(0, 8).map(({ key }) => key),
      ['Control', 'Shift', 'Alt', 'Meta', 'Control', 'Shift', 'AltGraph', 'Meta'],
    );
    assert.ok(events.slice(8).every(({ pressed }) => !pressed));
  });

  it('holds six keys and releases only the one that left', () => {
    const { keyboard, events } = createKeyboard();
    keyboard.report(keys(0, 4, 5, 6, 7, 8, 9));
    keyboard.report(keys(0, 4, 5, 7, 8, 9));
    assert.equal(events.length, 7);
    assert.deepEqual([events[6]?.usage, events[6]?.pressed], [6, false]);
    assert.deepEqual(keyboard.held, [4, 5, 7, 8, 9]);
  });

  it('leaves the held keys alone while a report says rollover', () => {
    const { keyboard, events } = createKeyboard();
    keyboard.report(keys(0, LETTER_A));
    keyboard.report(keys(0, 1, 1, 1, 1, 1, 1));
    assert.equal(events.length, 1);
    assert.deepEqual(keyboard.held, [LETTER_A]);
    keyboard.report(RELEASED);
    assert.deepEqual([events[1]?.usage, events[1]?.pressed], [LETTER_A, false]);
  });

  it('drops reports of a wrong length', () => {
    const { keyboard, events } = createKeyboard();
    keyboard.report(Uint8Array.from([0, 0, 4]));
    keyboard.report(new Uint8Array(9).fill(4));
    assert.deepEqual(events, []);
  });

  it('repeats a held key after 500 ms, 30 times a second, until it is released', () => {
    const { clock, keyboard, events } = createKeyboard();
    keyboard.report(keys(0, LETTER_A));
    clock.advanceTo(499);
    assert.equal(events.length, 1);
    clock.advanceTo(500);
    assert.equal(events.length, 2);
    assert.equal(events[1]?.repeat, true);
    clock.advanceTo(1499.9);
    assert.equal(events.length, 31);
    keyboard.report(RELEASED);
    clock.advanceTo(9000);
    assert.equal(events.length, 32);
  });

  it('repeats the newest key; releasing an older one does not stop it', () => {
    const { clock, keyboard, events } = createKeyboard();
    keyboard.report(keys(0, 4));
    keyboard.report(keys(0, 4, 5));
    keyboard.report(keys(0, 5));
    clock.advanceTo(600);
    const repeats = events.filter(({ repeat }) => repeat);
    assert.ok(repeats.length > 0);
    assert.ok(repeats.every(({ usage }) => usage === 5));
  });

  it('repeats neither modifiers nor locks', () => {
    const { clock, keyboard, events, leds } = createKeyboard();
    keyboard.report(keys(SHIFT, CAPS));
    clock.advanceTo(3000);
    assert.deepEqual(
      events.filter(({ repeat }) => repeat),
      [],
    );
    assert.deepEqual(leds, [2]);
  });

  it('forgets held keys and lamps when the bus is reset', () => {
    const { clock, keyboard, events, leds, press } = createKeyboard();
    press(0, CAPS);
    keyboard.report(keys(0, LETTER_A));
    const before = events.length;
    keyboard.enumerate();
    clock.advanceTo(5000);
    assert.equal(events.length, before);
    assert.deepEqual(keyboard.held, []);
    assert.deepEqual(leds, [2, 0]);
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
