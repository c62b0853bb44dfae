import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { DevtoolsKeys, MODIFIER } from './devtools-keys.js';
import { until } from './until.js';

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0.0.0';

const X_DOWN = '00001b0000000000';
const NOTHING = '0000000000000000';

const unit = ClaimedUnit.forTests();
let viewer: ConsolePage | undefined;
let keys: DevtoolsKeys;
let reported = 0;

/** Keyboard reports of this test. */
const reports = async () => (await unit.appliance.keyReports()).slice(reported);

async function open(userAgent?: string): Promise<void> {
  await viewer?.close();
  viewer = await unit.openConsole('', userAgent === undefined ? {} : { userAgent });
  keys = await DevtoolsKeys.of(viewer.page);
  // What control itself reports has come before it.
  reported = (await unit.appliance.keyReports()).length;
  await reportsUpToX();
}

/** What came before the x that is pressed now: nothing can arrive behind it any more. */
async function reportsUpToX(): Promise<string[]> {
  await keys.press({ code: 'KeyX', key: 'x' });
  const ended = async () => {
    const hexes = await reports();
    return hexes.at(-2) === X_DOWN && hexes.at(-1) === NOTHING;
  };
  await until('x', ended, reports);
  return (await reports()).slice(0, -2);
}

beforeEach(async () => {
  reported = (await unit.appliance.keyReports()).length;
});

after(() => viewer?.close());

describe('an input method', () => {
  before(() => open());

  test('composing types the keys that were pressed, nothing of the composition, and holds nothing', async () => {
    for (const [code, composition] of [
      ['KeyK', 'ｋ'],
      ['KeyA', 'か'],
    ] as const) {
      const key = { code, key: 'Process', windowsVirtualKeyCode: 229 };
      await keys.down(key);
      const end = composition.length;
      await keys.session.send('Input.imeSetComposition', {
        text: composition,
        selectionStart: end,
        selectionEnd: end,
      });
      await keys.up(key);
    }
    await keys.session.send('Input.insertText', { text: '書' });
    assert.deepEqual(await reportsUpToX(), [
      '00000e0000000000',
      NOTHING,
      '0000040000000000',
      NOTHING,
    ]);
  });

  test('that inserts a whole text types nothing', async () => {
    await keys.session.send('Input.insertText', { text: 'emoji and 文字' });
    assert.deepEqual(await reportsUpToX(), []);
  });

  test('that gives no code types what the key is called, or nothing', async () => {
    await keys.press({ code: '', key: 'e' });
    await keys.press({ code: '', key: 'Unidentified', windowsVirtualKeyCode: 229 });
    await keys.press({ code: '', key: 'ß' });
    assert.deepEqual(await reportsUpToX(), ['0000080000000000', NOTHING]);
  });
});

const ALT_GR = { code: 'AltRight', key: 'AltGraph', location: 2 };
const CONTROL = { code: 'ControlLeft', key: 'Control', location: 1, modifiers: MODIFIER.control };

/** The right Alt with q under it: @ on a German keyboard. */
const ALT_GR_Q = ['4000000000000000', '4000140000000000', '4000000000000000', NOTHING];

describe('AltGr', () => {
  before(() => open());

  test('is the right Alt', async () => {
    await keys.down(ALT_GR);
    await keys.press({ code: 'KeyQ', key: '@' });
    await keys.up(ALT_GR);
    assert.deepEqual(await reportsUpToX(), ALT_GR_Q);
  });
});

describe('AltGr on Windows', () => {
  before(() => open(WINDOWS));

  test('is the right Alt without the Control that Windows adds', async () => {
    const timestamp = Date.now() / 1000;
    const both = MODIFIER.control | MODIFIER.alt;
    // Both keys of the pair are there when the page looks, however long the browser took to hand them over.
    const busy = viewer?.page.evaluate(() => {
      const end = performance.now() + 200;
      while (performance.now() < end);
    });
    await Promise.all([
      busy,
      keys.down({ ...CONTROL, timestamp }),
      keys.down({ ...ALT_GR, modifiers: both, timestamp }),
    ]);
    await keys.press({ code: 'KeyQ', key: '@', modifiers: both });
    await keys.up({ ...CONTROL, modifiers: MODIFIER.alt });
    await keys.up(ALT_GR);
    assert.deepEqual(await reportsUpToX(), ALT_GR_Q);
  });

  test('with a Control that somebody pressed is both', async () => {
    const timestamp = Date.now() / 1000;
    await keys.down({ ...CONTROL, timestamp });
    await keys.down({ ...ALT_GR, modifiers: CONTROL.modifiers, timestamp: timestamp + 0.05 });
    await keys.up({ ...ALT_GR, modifiers: CONTROL.modifiers });
    await keys.up({ ...CONTROL, modifiers: 0 });
    assert.deepEqual(await reportsUpToX(), [
      '0100000000000000',
      '4100000000000000',
      '0100000000000000',
      NOTHING,
    ]);
  });
});

describe('macOS', () => {
  before(() => open(MAC));

  test('sends no keyup while Meta is held: keys end with Meta', async () => {
    const meta = { code: 'MetaLeft', key: 'Meta', location: 1 };
    await keys.down({ ...meta, modifiers: MODIFIER.meta });
    await keys.down({ code: 'KeyC', key: 'c', modifiers: MODIFIER.meta });
    await keys.down({ code: 'KeyV', key: 'v', modifiers: MODIFIER.meta });
    await keys.up(meta);
    assert.deepEqual(await reportsUpToX(), [
      '0800000000000000',
      '0800060000000000',
      '0800061900000000',
      '0000061900000000',
      '0000190000000000',
      NOTHING,
    ]);
  });

  test('says Caps Lock on with a keydown and off with a keyup: each is a press', async () => {
    await keys.down({ code: 'CapsLock', key: 'CapsLock' });
    await keys.up({ code: 'CapsLock', key: 'CapsLock' });
    const press = ['0000390000000000', NOTHING];
    assert.deepEqual(await reportsUpToX(), [...press, ...press]);
  });
});
