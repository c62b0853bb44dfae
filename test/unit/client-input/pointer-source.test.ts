import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { type PageRect, pictureRect } from '../../../client/src/input/picture-rect.js';
import { type PointerPress, PointerSource } from '../../../client/src/input/pointer-source.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

const RECT: PageRect = { left: 100, top: 50, width: 1000, height: 500 };

let calls: string[];
let active: boolean;
let clock: VirtualClock;
let pointer: PointerSource;

beforeEach(() => {
  calls = [];
  active = true;
  clock = new VirtualClock();
  const sink = {
    get active() {
      return active;
    },
    moveTo: (x: number, y: number) => calls.push(`to ${x},${y}`),
    moveBy: (dx: number, dy: number) => calls.push(`by ${dx},${dy}`),
    scroll: (wheel: number, pan: number) => {
      if (wheel !== 0 || pan !== 0) calls.push(`scroll ${wheel},${pan}`);
    },
    button: (button: number, down: boolean) =>
      calls.push(`button ${button} ${down ? 'down' : 'up'}`),
  };
  pointer = new PointerSource(sink, () => RECT, clock);
});

function event(
  clientX: number,
  clientY: number,
  buttons = 0,
  more: Partial<PointerPress> = {},
): PointerPress {
  return {
    pointerType: 'mouse',
    isPrimary: true,
    clientX,
    clientY,
    movementX: 0,
    movementY: 0,
    buttons,
    ...more,
  };
}

function take(): string[] {
  return calls.splice(0);
}

test('the picture is found within bars at the sides or above and below', () => {
  const element = { left: 10, top: 20, width: 800, height: 600 };
  assert.deepEqual(pictureRect(element, { width: 1600, height: 900 }), {
    left: 10,
    top: 95,
    width: 800,
    height: 450,
  });
  assert.deepEqual(pictureRect(element, { width: 600, height: 900 }), {
    left: 210,
    top: 20,
    width: 400,
    height: 600,
  });
  assert.equal(pictureRect(element, { width: 0, height: 0 }), null);
  assert.equal(pictureRect({ ...element, width: 0 }, { width: 4, height: 3 }), null);
});

test('corners and middle of the picture are corners and middle of the target', () => {
  pointer.pointerMove(event(100, 50));
  pointer.pointerMove(event(1100, 550));
  pointer.pointerMove(event(600, 300));
  assert.deepEqual(take(), ['to 0,0', 'to 32767,32767', 'to 16384,16384']);
});

test('each pixel of a picture shown in its own size comes back as itself', () => {
  for (let x = 0; x < RECT.width; x += 1) {
    pointer.pointerMove(event(RECT.left + x + 0.5, RECT.top));
    const place = Number(/^to (\d+)/.exec(take()[0] ?? '')?.[1]);
    assert.equal(Math.floor((place * RECT.width) / 32768), x);
  }
});

test('the pointer moves before the first click, and five buttons are five buttons', () => {
  assert.ok(pointer.pointerDown(event(600, 300, 1)));
  assert.deepEqual(take(), ['to 16384,16384', 'button 0 down']);
  // Further buttons come as moves; bits of `buttons` are numbered as in HID.
  for (const [buttons, expected] of [
    [1 | 2, 'button 1 down'],
    [1 | 2 | 4, 'button 2 down'],
    [1 | 2 | 4 | 8, 'button 3 down'],
    [31, 'button 4 down'],
    [30, 'button 0 up'],
  ] as const) {
    pointer.pointerMove(event(600, 300, buttons));
    assert.deepEqual(take().slice(1), [expected]);
  }
  pointer.pointerUp(event(600, 300, 0));
  assert.deepEqual(take().slice(1), ['button 1 up', 'button 2 up', 'button 3 up', 'button 4 up']);
});

test('a drag is held at the edge when it leaves the picture', () => {
  pointer.pointerDown(event(600, 300, 1));
  pointer.pointerMove(event(-500, 9000, 1));
  pointer.pointerUp(event(-500, 9000, 0));
  assert.deepEqual(take().slice(2), ['to 0,32767', 'to 0,32767', 'button 0 up']);
});

test('a press beside the picture is not for the target, nor is its drag onto it', () => {
  assert.equal(pointer.pointerDown(event(50, 300, 1)), false);
  pointer.pointerMove(event(600, 300, 1));
  pointer.pointerUp(event(600, 300, 0));
  assert.ok(take().every((call) => call.startsWith('to ')));
});

test('losing the pointer releases the buttons', () => {
  pointer.pointerDown(event(600, 300, 5));
  take();
  pointer.cancel();
  pointer.cancel();
  assert.deepEqual(take(), ['button 0 up', 'button 2 up']);
});

test('without control the page keeps its events', () => {
  active = false;
  assert.equal(pointer.pointerDown(event(600, 300, 1)), false);
  assert.equal(
    pointer.wheel({ clientX: 0, clientY: 0, deltaX: 0, deltaY: 100, deltaMode: 0 }),
    false,
  );
  pointer.pointerMove(event(600, 300));
  assert.deepEqual(take(), []);
});

function wheel(deltaY: number, deltaMode = 0, deltaX = 0): string[] {
  pointer.wheel({ clientX: 600, clientY: 300, deltaX, deltaY, deltaMode });
  return take().slice(1);
}

test('a notch of the wheel is one detent in every unit; down in the DOM is negative in HID', () => {
  assert.deepEqual(wheel(100), ['scroll -1,0']);
  assert.deepEqual(wheel(-300), ['scroll 3,0']);
  assert.deepEqual(wheel(3, 1), ['scroll -1,0']);
  assert.deepEqual(wheel(-1, 2), ['scroll 1,0']);
  assert.deepEqual(wheel(0, 0, 200), ['scroll 0,2']);
});

test('parts of a detent add up, and start anew when the wheel turns back', () => {
  assert.deepEqual(wheel(40), []);
  assert.deepEqual(wheel(40), []);
  assert.deepEqual(wheel(40), ['scroll -1,0']);
  assert.deepEqual(wheel(70), []);
  assert.deepEqual(wheel(-90), []);
  assert.deepEqual(wheel(-10), ['scroll 1,0']);
});

test('while the pointer is locked motion is relative, with its fractions kept', () => {
  pointer.setRelative(true);
  const move = (movementX: number, movementY: number) =>
    pointer.pointerMove(event(0, 0, 0, { movementX, movementY }));
  move(3, -2);
  move(0.6, 0);
  move(0.6, -0.5);
  assert.deepEqual(take(), ['by 3,-2', 'by 0,0', 'by 1,0']);
  assert.ok(pointer.pointerDown(event(0, 0, 1)));
  assert.deepEqual(take(), ['by 0,0', 'button 0 down']);
  pointer.setRelative(false);
  assert.deepEqual(take(), ['button 0 up']);
});

const touch = (x: number, y: number, more: Partial<PointerPress> = {}): PointerPress =>
  event(x, y, 1, { pointerType: 'touch', ...more });

test('a tap clicks where it is', () => {
  assert.ok(pointer.pointerDown(touch(600, 300)));
  pointer.pointerMove(touch(605, 300));
  pointer.pointerUp(touch(605, 300, { buttons: 0 }));
  assert.deepEqual(take(), ['to 16384,16384', 'button 0 down', 'button 0 up']);
  clock.advance(1000);
  assert.deepEqual(take(), []);
});

test('a finger that drags moves the pointer and clicks nothing', () => {
  pointer.pointerDown(touch(600, 300));
  pointer.pointerMove(touch(700, 300));
  pointer.pointerUp(touch(700, 300, { buttons: 0 }));
  clock.advance(1000);
  assert.deepEqual(take(), ['to 16384,16384', 'to 19660,16384']);
});

test('a finger that rests clicks the right button, once', () => {
  pointer.pointerDown(touch(600, 300));
  clock.advance(500);
  pointer.pointerUp(touch(600, 300, { buttons: 0 }));
  assert.deepEqual(take(), ['to 16384,16384', 'button 1 down', 'button 1 up']);
});

test('a second finger is ignored', () => {
  pointer.pointerDown(touch(600, 300));
  take();
  pointer.pointerDown(touch(700, 300, { isPrimary: false }));
  pointer.pointerMove(touch(800, 300, { isPrimary: false }));
  pointer.pointerUp(touch(800, 300, { isPrimary: false }));
  assert.deepEqual(take(), []);
});
