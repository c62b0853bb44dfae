import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MouseButton } from '../../../server/protocol/key-usage.js';
import { plugIn } from './gadget-rig.js';

const BUTTONS = ['BTN_LEFT', 'BTN_RIGHT', 'BTN_MIDDLE', 'BTN_SIDE', 'BTN_EXTRA'];
const STILL = { wheel: 0, pan: 0 };

test('the corners and places beside them arrive exactly', async (t) => {
  const { rig, host } = await plugIn(t, 'absolute-mouse');
  // The host's pointer is at 0, 0 to begin with, and a place that does not change is no event.
  const places = [
    [32767, 32767],
    [0, 0],
    [0, 32767],
    [32767, 0],
    [1, 32766],
    [255, 256],
    [16384, 16383],
  ] as const;
  let last = { x: 0, y: 0 };
  for (const [x, y] of places) {
    host.clear();
    rig.controller.move(rig.source, { mode: 'absolute', x, y, ...STILL });
    const expected = [
      ...(x === last.x ? [] : [`ABS_X ${x}`]),
      ...(y === last.y ? [] : [`ABS_Y ${y}`]),
    ];
    await host.untilCount(expected.length);
    assert.deepEqual(host.events, expected);
    last = { x, y };
  }
});

for (const mode of ['absolute', 'relative'] as const) {
  const still =
    mode === 'absolute' ? { mode, x: 100, y: 100, ...STILL } : { mode, dx: 0, dy: 0, ...STILL };

  test(`all five buttons of the ${mode} mouse`, async (t) => {
    const { rig, host } = await plugIn(t, `${mode}-mouse`);
    for (const [index, name] of BUTTONS.entries()) {
      rig.controller.button(rig.source, index as MouseButton, true, still);
      await host.untilLast(`${name} 1`);
      rig.controller.button(rig.source, index as MouseButton, false, still);
      await host.untilLast(`${name} 0`);
    }
  });

  test(`both wheels of the ${mode} mouse, in both directions`, async (t) => {
    const { rig, host } = await plugIn(t, `${mode}-mouse`);
    rig.controller.move(rig.source, still);
    const turns: Array<[{ wheel: number; pan: number }, string]> = [
      [{ wheel: 1, pan: 0 }, 'REL_WHEEL 1'],
      [{ wheel: -3, pan: 0 }, 'REL_WHEEL -3'],
      [{ wheel: 0, pan: 1 }, 'REL_HWHEEL 1'],
      [{ wheel: 0, pan: -2 }, 'REL_HWHEEL -2'],
    ];
    for (const [turn, expected] of turns) {
      host.clear();
      rig.controller.move(rig.source, { ...still, ...turn });
      await host.untilIncludes(expected);
    }
  });
}

test('relative motion beyond the range of a report arrives in full', async (t) => {
  const { rig, host } = await plugIn(t, 'relative-mouse');
  rig.controller.move(rig.source, { mode: 'relative', dx: 1000, dy: -500, ...STILL });
  rig.controller.button(rig.source, 0, true, { mode: 'relative', dx: 0, dy: 0, ...STILL });
  await host.untilIncludes('BTN_LEFT 1');
  const sum = (axis: string) =>
    host.events
      .filter((event) => event.startsWith(`${axis} `))
      .reduce((total, event) => total + Number(event.split(' ')[1]), 0);
  assert.deepEqual([sum('REL_X'), sum('REL_Y')], [1000, -500]);
});
