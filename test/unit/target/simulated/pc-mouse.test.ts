import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PcMouse, type PointerEvent } from '../../../../server/target/simulated/pc-mouse.js';
import { mouseAt } from './pc-bench.js';

function createMouse(width: number, height: number) {
  const events: PointerEvent[] = [];
  const mouse = new PcMouse((event) => events.push(event));
  mouse.setScreen(width, height);
  return { events, mouse };
}

describe('PcMouse', () => {
  for (const [width, height] of [
    [640, 480],
    [1280, 720],
    [1920, 1080],
  ] as const) {
    it(`reaches the four corner pixels of ${width}x${height} exactly`, () => {
      const { mouse, events } = createMouse(width, height);
      for (const [x, y] of [
        [0, 0],
        [32767, 0],
        [0, 32767],
        [32767, 32767],
      ] as const) {
        mouse.absoluteReport(mouseAt(0, x, y));
      }
      assert.deepEqual(
        events.map(({ x, y }) => [x, y]),
        [
          [0, 0],
          [width - 1, 0],
          [0, height - 1],
          [width - 1, height - 1],
        ],
      );
    });
  }

  it('reaches every pixel of 1920', () => {
    const { mouse } = createMouse(1920, 1080);
    for (let pixel = 0; pixel < 1920; pixel++) {
      mouse.absoluteReport(mouseAt(0, Math.round((pixel * 32767) / 1919), 0));
      assert.equal(mouse.x, pixel);
    }
  });

  it('tells presses and releases of five buttons, and the wheels with their sign', () => {
    const { mouse, events } = createMouse(100, 100);
    mouse.absoluteReport(mouseAt(0x1f, 0, 0, -3, 5));
    mouse.absoluteReport(mouseAt(0x11, 0, 0));
    assert.deepEqual(events[0], {
      x: 0,
      y: 0,
      buttons: 0x1f,
      pressed: 0x1f,
      released: 0,
      wheel: -3,
      pan: 5,
    });
    assert.deepEqual([events[1]?.pressed, events[1]?.released], [0, 0x0e]);
  });

  it('moves by relative reports and stops at the edges', () => {
    const { mouse, events } = createMouse(100, 100);
    const move = (dx: number, dy: number) =>
      mouse.relativeReport(Uint8Array.from([0, dx & 255, dy & 255, 1, 255]));
    mouse.absoluteReport(mouseAt(0, 0, 0));
    move(10, 20);
    assert.deepEqual([mouse.x, mouse.y], [10, 20]);
    move(-128, -128);
    assert.deepEqual([mouse.x, mouse.y], [0, 0]);
    move(127, 127);
    assert.deepEqual([mouse.x, mouse.y], [99, 99]);
    assert.deepEqual([events[3]?.wheel, events[3]?.pan], [1, -1]);
  });

  it('holds a button until both mice have released it', () => {
    const { mouse, events } = createMouse(100, 100);
    mouse.absoluteReport(mouseAt(1, 0, 0));
    mouse.relativeReport(Uint8Array.from([1, 0, 0, 0, 0]));
    mouse.absoluteReport(mouseAt(0, 0, 0));
    assert.equal(events.at(-1)?.released, 0);
    mouse.relativeReport(Uint8Array.from([0, 0, 0, 0, 0]));
    assert.equal(events.at(-1)?.released, 1);
  });

  it('keeps its relative place when the mode changes', () => {
    const { mouse } = createMouse(1280, 720);
    mouse.absoluteReport(mouseAt(0, 32767, 32767));
    mouse.setScreen(1920, 1080);
    assert.deepEqual([mouse.x, mouse.y], [1919, 1079]);
  });

  it('drops reports of a wrong length', () => {
    const { mouse, events } = createMouse(100, 100);
    mouse.absoluteReport(new Uint8Array(5));
    mouse.relativeReport(new Uint8Array(7));
    assert.deepEqual(events, []);
  });
});
