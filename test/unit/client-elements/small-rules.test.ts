import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CONSOLE_CHORDS,
  FIRMWARE_CHORDS,
  SYSTEM_CHORDS,
} from '../../../client/src/elements/chords.js';
import { passwordStrength } from '../../../client/src/elements/password-strength.js';
import { NEUTRAL_IMAGE, pictureFilter } from '../../../client/src/elements/picture-filter.js';
import { MODIFIERS, TOUCH_KEYS, tap } from '../../../client/src/elements/touch-keys.js';
import { HID_USAGES } from '../../../server/protocol/hid-usages.js';

describe('passwordStrength', () => {
  test('12 characters are enough, fewer are not', () => {
    assert.equal(passwordStrength('correct hor').ok, false);
    assert.equal(passwordStrength('correct hors').ok, true);
    assert.match(passwordStrength('abc').text, /3 of 12/);
  });

  test('characters are counted as people count them', () => {
    assert.equal(passwordStrength('🦊'.repeat(11)).ok, false);
  });

  test('length without variety is called weak', () => {
    assert.match(passwordStrength('aaaaaaaaaaaaaaaa').text, /weak/);
    assert.match(passwordStrength('correct horse battery').text, /strong/);
  });
});

describe('pictureFilter', () => {
  test('neutral sliders make no filter at all', () => {
    assert.equal(pictureFilter(NEUTRAL_IMAGE), '');
  });

  test('a moved slider does', () => {
    assert.equal(
      pictureFilter({ ...NEUTRAL_IMAGE, contrast: 118 }),
      'brightness(100%) contrast(118%) saturate(100%)',
    );
  });
});

describe('tap', () => {
  test('armed modifiers go with the next key, in the order of the taps', () => {
    const control = tap([], 'ControlLeft');
    assert.deepEqual(control, { armed: ['ControlLeft'], send: null });
    const both = tap(control.armed, 'AltLeft');
    assert.deepEqual(tap(both.armed, 'Delete'), {
      armed: [],
      send: ['ControlLeft', 'AltLeft', 'Delete'],
    });
  });

  test('a second tap presses the modifier alone and keeps the others armed', () => {
    assert.deepEqual(tap(['ShiftLeft', 'MetaLeft'], 'MetaLeft'), {
      armed: ['ShiftLeft'],
      send: ['MetaLeft'],
    });
  });
});

test('every button sends keys that have a HID usage', () => {
  const chords = [...SYSTEM_CHORDS, ...CONSOLE_CHORDS, ...FIRMWARE_CHORDS].flatMap((c) => c.codes);
  const touch = [...MODIFIERS, ...TOUCH_KEYS].map((key) => key.code);
  for (const code of [...chords, ...touch]) assert.ok(HID_USAGES.has(code), code);
});
