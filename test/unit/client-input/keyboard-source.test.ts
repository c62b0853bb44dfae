import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  KeyboardSource,
  type KeyboardSourceOptions,
  type KeyPress,
} from '../../../client/src/input/keyboard-source.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

let calls: string[];
let prevented: number;
let released: number;
let active: boolean;
let clock: VirtualClock;
let keyboard: KeyboardSource;
/** What getModifierState() answers. */
let modifiers: Set<string>;

function plug(
  platform: KeyboardSourceOptions['platform'] = 'other',
  releaseCode = 'ControlRight',
): void {
  keyboard = new KeyboardSource(
    {
      get active() {
        return active;
      },
      key: (usage, down) => calls.push(`${usage.toString(16)} ${down ? 'down' : 'up'}`),
      releaseAll: () => calls.push('release all'),
    },
    {
      platform,
      releaseCode,
      onRelease: () => {
        released += 1;
      },
      clock,
    },
  );
}

beforeEach(() => {
  calls = [];
  prevented = 0;
  released = 0;
  active = true;
  modifiers = new Set(['Shift', 'Meta']);
  clock = new VirtualClock();
  plug();
});

function event(code: string, more: Partial<KeyPress> = {}): KeyPress {
  const named = /^(Shift|Control|Alt|Meta)(Left|Right)$/.exec(code)?.[1];
  return {
    code,
    key: named ?? 'x',
    location: 0,
    repeat: false,
    timeStamp: clock.nowMs(),
    getModifierState: (name) => modifiers.has(name),
    preventDefault: () => {
      prevented += 1;
    },
    ...more,
  };
}

const down = (code: string, more?: Partial<KeyPress>): void => keyboard.keyDown(event(code, more));
const up = (code: string, more?: Partial<KeyPress>): void => keyboard.keyUp(event(code, more));

/** What was passed on since the last call. */
function take(): string[] {
  return calls.splice(0);
}

test('keys go by their place, whatever they mean here, and are kept from the page', () => {
  down('KeyQ', { key: 'й' });
  up('KeyQ', { key: 'й' });
  assert.deepEqual(take(), ['14 down', '14 up']);
  assert.equal(prevented, 2);
});

test('the target repeats keys itself', () => {
  down('KeyA');
  down('KeyA', { repeat: true });
  assert.deepEqual(take(), ['4 down']);
  assert.equal(prevented, 2);
});

test('without control and for unknown keys the page keeps its events', () => {
  down('Fn');
  active = false;
  down('Tab');
  up('Tab');
  assert.deepEqual(take(), []);
  assert.equal(prevented, 0);
});

test('an input method in between changes nothing: code names the key', () => {
  down('KeyK', { key: 'Process' });
  up('KeyK', { key: 'Process' });
  assert.deepEqual(take(), ['e down', 'e up']);
});

test('a key without code is found by its name when its place is certain', () => {
  for (const [key, usage] of [
    ['a', '4'],
    ['Z', '1d'],
    ['0', '27'],
    [' ', '2c'],
    ['Enter', '28'],
    ['ArrowUp', '52'],
    ['F11', '44'],
  ] as const) {
    down('', { key });
    up('Unidentified', { key });
    assert.deepEqual(take(), [`${usage} down`, `${usage} up`], key);
  }
  down('', { key: 'Shift', location: 2 });
  assert.deepEqual(take(), ['e5 down']);
  down('', { key: 'Unidentified' });
  down('', { key: '€' });
  assert.deepEqual(take(), []);
});

test('left and right modifiers stay apart', () => {
  for (const code of [
    'ControlLeft',
    'ShiftLeft',
    'AltLeft',
    'MetaLeft',
    'ShiftRight',
    'AltRight',
  ]) {
    down(code);
  }
  assert.deepEqual(take(), ['e0 down', 'e1 down', 'e2 down', 'e3 down', 'e5 down', 'e6 down']);
});

test('AltGr on Windows: the left Control that comes with it is not sent', () => {
  plug('windows');
  down('ControlLeft');
  down('AltRight', { key: 'AltGraph' });
  down('KeyQ');
  up('KeyQ');
  up('ControlLeft');
  up('AltRight');
  assert.deepEqual(
    take().filter((call) => call !== 'e0 up'),
    ['e6 down', '14 down', '14 up', 'e6 up'],
  );
});

test('a real Control on Windows is sent: with the next key or after a moment', () => {
  plug('windows');
  down('ControlLeft');
  assert.deepEqual(take(), []);
  down('KeyC');
  assert.deepEqual(take(), ['e0 down', '6 down']);
  up('KeyC');
  up('ControlLeft');
  take();
  down('ControlLeft');
  clock.advance(10);
  assert.deepEqual(take(), ['e0 down']);
  down('AltRight');
  assert.deepEqual(take(), ['e6 down']);
});

test('a Control tapped on Windows is a tap', () => {
  plug('windows');
  down('ControlLeft');
  up('ControlLeft');
  assert.deepEqual(take(), ['e0 down', 'e0 up']);
});

test('on other systems left Control and AltGr are two keys', () => {
  down('ControlLeft');
  down('AltRight');
  assert.deepEqual(take(), ['e0 down', 'e6 down']);
});

test('keys whose keyup macOS swallows under Meta end with Meta', () => {
  plug('mac');
  down('MetaLeft');
  down('ShiftLeft');
  down('KeyC');
  down('KeyV');
  up('MetaLeft');
  assert.deepEqual(take(), ['e3 down', 'e1 down', '6 down', '19 down', 'e3 up', '6 up', '19 up']);
});

test('with both Metas down the keys end with the second one', () => {
  plug('mac');
  down('MetaLeft');
  down('MetaRight');
  down('KeyC');
  up('MetaLeft');
  assert.deepEqual(take().slice(3), ['e3 up']);
  up('MetaRight');
  assert.deepEqual(take(), ['e7 up', '6 up']);
});

test('Caps Lock on macOS comes as down for on and up for off: each is a tap', () => {
  plug('mac');
  down('CapsLock');
  up('CapsLock');
  assert.deepEqual(take(), ['39 down', '39 up', '39 down', '39 up']);
});

test('a modifier whose keyup was swallowed is released at the next event', () => {
  down('ShiftLeft');
  down('ShiftRight');
  modifiers.delete('Shift');
  up('ShiftRight');
  assert.deepEqual(take(), ['e1 down', 'e5 down', 'e5 up', 'e1 up']);
});

test('losing the focus releases everything', () => {
  down('KeyA');
  keyboard.blur();
  assert.deepEqual(take(), ['4 down', 'release all']);
});

test('the release key tapped alone gives the keyboard back and is not sent', () => {
  down('ControlRight');
  down('ControlRight', { repeat: true });
  clock.advance(100);
  up('ControlRight');
  assert.deepEqual(take(), ['e4 up']);
  assert.equal(released, 1);
});

test('the release key works as a modifier: with a key, with the pointer, held', () => {
  down('ControlRight');
  down('KeyC');
  up('KeyC');
  up('ControlRight');
  assert.deepEqual(take(), ['e4 down', '6 down', '6 up', 'e4 up']);
  down('ControlRight');
  keyboard.flush();
  up('ControlRight');
  assert.deepEqual(take(), ['e4 down', 'e4 up']);
  down('ControlRight');
  clock.advance(500);
  up('ControlRight');
  assert.deepEqual(take(), ['e4 down', 'e4 up']);
  assert.equal(released, 0);
});

test('the release key within a chord is a key', () => {
  down('AltLeft');
  down('ControlRight');
  up('ControlRight');
  assert.deepEqual(take(), ['e2 down', 'e4 down', 'e4 up']);
  assert.equal(released, 0);
});

test('another release key can be set', () => {
  plug('other', 'ScrollLock');
  down('ScrollLock');
  up('ScrollLock');
  down('ControlRight');
  assert.equal(released, 1);
  assert.deepEqual(take(), ['47 up', 'e4 down']);
});
