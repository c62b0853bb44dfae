import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HID_USAGES } from '../../../server/protocol/hid-usages.js';
import { isKeyUsage } from '../../../server/protocol/key-usage.js';

/** HID Usage Tables 1.4, section 10 (Keyboard/Keypad page 0x07), by the names of UI Events code values. */
const KEYBOARD: Record<string, number> = {
  KeyA: 0x04,
  KeyM: 0x10,
  KeyZ: 0x1d,
  Digit1: 0x1e,
  Digit9: 0x26,
  Digit0: 0x27,
  Enter: 0x28,
  Escape: 0x29,
  Backspace: 0x2a,
  Tab: 0x2b,
  Space: 0x2c,
  Backslash: 0x31,
  IntlHash: 0x32,
  Slash: 0x38,
  CapsLock: 0x39,
  F1: 0x3a,
  F12: 0x45,
  PrintScreen: 0x46,
  Pause: 0x48,
  Delete: 0x4c,
  ArrowRight: 0x4f,
  ArrowUp: 0x52,
  NumLock: 0x53,
  NumpadEnter: 0x58,
  Numpad1: 0x59,
  Numpad9: 0x61,
  Numpad0: 0x62,
  NumpadDecimal: 0x63,
  IntlBackslash: 0x64,
  ContextMenu: 0x65,
  NumpadEqual: 0x67,
  F13: 0x68,
  F24: 0x73,
  Open: 0x74,
  Help: 0x75,
  Props: 0x76,
  Select: 0x77,
  Again: 0x79,
  Undo: 0x7a,
  Cut: 0x7b,
  Copy: 0x7c,
  Paste: 0x7d,
  Find: 0x7e,
  NumpadComma: 0x85,
  IntlRo: 0x87,
  KanaMode: 0x88,
  IntlYen: 0x89,
  Convert: 0x8a,
  NonConvert: 0x8b,
  Lang1: 0x90,
  Lang5: 0x94,
  NumpadParenLeft: 0xb6,
  NumpadParenRight: 0xb7,
  ControlLeft: 0xe0,
  ShiftLeft: 0xe1,
  AltLeft: 0xe2,
  MetaLeft: 0xe3,
  ControlRight: 0xe4,
  ShiftRight: 0xe5,
  AltRight: 0xe6,
  MetaRight: 0xe7,
};

/** Section 15, Consumer page 0x0c. */
const CONSUMER: Record<string, number> = {
  MediaTrackNext: 0xb5,
  MediaTrackPrevious: 0xb6,
  MediaStop: 0xb7,
  Eject: 0xb8,
  MediaPlayPause: 0xcd,
  AudioVolumeMute: 0xe2,
  VolumeMute: 0xe2,
  AudioVolumeUp: 0xe9,
  VolumeUp: 0xe9,
  AudioVolumeDown: 0xea,
  VolumeDown: 0xea,
  MediaSelect: 0x183,
  LaunchMail: 0x18a,
  LaunchApp2: 0x192,
  LaunchApp1: 0x194,
  BrowserSearch: 0x221,
  BrowserHome: 0x223,
  BrowserBack: 0x224,
  BrowserForward: 0x225,
  BrowserStop: 0x226,
  BrowserRefresh: 0x227,
  BrowserFavorites: 0x22a,
};

/** Section 4, Generic Desktop page 0x01. */
const SYSTEM: Record<string, number> = { Power: 0x81, Sleep: 0x82, WakeUp: 0x83 };

test('known codes have the usage that the HID Usage Tables give them', () => {
  for (const [code, usage] of Object.entries(KEYBOARD)) {
    assert.equal(HID_USAGES.get(code), usage, code);
  }
  for (const [code, usage] of Object.entries(CONSUMER)) {
    assert.equal(HID_USAGES.get(code), 0x1000 | usage, code);
  }
  for (const [code, usage] of Object.entries(SYSTEM)) {
    assert.equal(HID_USAGES.get(code), 0x2000 | usage, code);
  }
});

test('every code of UI Events that a PC keyboard has is in the table', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `Key${letter}`);
  const digits = [...'0123456789'].flatMap((digit) => [`Digit${digit}`, `Numpad${digit}`]);
  const functions = Array.from({ length: 24 }, (_, index) => `F${index + 1}`);
  const languages = [1, 2, 3, 4, 5].map((number) => `Lang${number}`);
  const others =
    `Backquote Minus Equal BracketLeft BracketRight Semicolon Quote Comma Period Home End PageUp
    PageDown Insert ArrowDown ArrowLeft ScrollLock NumpadAdd NumpadSubtract NumpadMultiply NumpadDivide
    NumpadBackspace NumpadClear NumpadClearEntry NumpadMemoryAdd NumpadMemoryClear NumpadMemoryRecall
    NumpadMemoryStore NumpadMemorySubtract NumpadHash NumpadStar Hiragana Katakana Abort`.split(
      /\s+/,
    );
  for (const code of [...letters, ...digits, ...functions, ...languages, ...others]) {
    assert.ok(HID_USAGES.has(code), code);
  }
});

test('every usage of the table may cross the wire, and only other names share one', () => {
  const byUsage = new Map<number, string[]>();
  for (const [code, usage] of HID_USAGES) {
    assert.ok(isKeyUsage(usage), code);
    byUsage.set(usage, [...(byUsage.get(usage) ?? []), code]);
  }
  const shared = [...byUsage.values()].filter((codes) => codes.length > 1);
  assert.deepEqual(shared.map((codes) => codes.sort().join(' ')).sort(), [
    'AudioVolumeDown VolumeDown',
    'AudioVolumeMute VolumeMute',
    'AudioVolumeUp VolumeUp',
    'HangulMode Lang1',
    'Hanja Lang2',
    'Hiragana Lang4',
    'Katakana Lang3',
    'LaunchMediaPlayer MediaSelect',
    'MetaLeft OSLeft',
    'MetaRight OSRight',
    'NumpadMultiply NumpadStar',
  ]);
  assert.equal(HID_USAGES.get('constructor'), undefined);
});
