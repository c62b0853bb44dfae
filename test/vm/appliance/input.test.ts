import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ConsolePage } from '../../e2e/console-page.js';
import { until } from '../../e2e/until.js';
import { Board } from './board.js';
import { tapsOf, US_KEYBOARD } from './us-keyboard.js';

let board: Board;

before(async () => {
  board = await Board.start({ encoder: 'software' });
});

after(async () => {
  await board?.close();
});

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`what is done in the page reaches the host, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      viewer = await board.view(search);
    });

    after(async () => {
      await viewer?.close();
    });

    before(() => board.machine.call('listen', 'keyboard'));

    test('each key of a keyboard that is pressed in the page is an event of the host, once and in order', async () => {
      await viewer.focus();
      // In handfuls, because the kernel keeps 64 events for a program that is slow to read them.
      for (let at = 0; at < US_KEYBOARD.length; at += 10) {
        const keys = US_KEYBOARD.slice(at, at + 10);
        await board.machine.call('clear', 'keyboard');
        for (const code of keys) await viewer.page.keyboard.press(code);
        assert.deepEqual(await board.machine.events('keyboard', 2 * keys.length), tapsOf(keys));
      }
      assert.deepEqual(await board.machine.call('heldKeys'), []);
    });

    test('keys pressed together are held together', async () => {
      const { keyboard } = viewer.page;
      await board.machine.call('clear', 'keyboard');
      for (const code of ['ControlLeft', 'ShiftRight', 'KeyK']) await keyboard.down(code);
      const down = ['KEY_LEFTCTRL 1', 'KEY_RIGHTSHIFT 1', 'KEY_K 1'];
      assert.deepEqual(await board.machine.events('keyboard', 3), down);
      const held = ['KEY_K', 'KEY_LEFTCTRL', 'KEY_RIGHTSHIFT'];
      assert.deepEqual((await board.machine.call('heldKeys')).sort(), held);
      for (const code of ['KeyK', 'ShiftRight', 'ControlLeft']) await keyboard.up(code);
      const up = ['KEY_K 0', 'KEY_RIGHTSHIFT 0', 'KEY_LEFTCTRL 0'];
      assert.deepEqual(await board.machine.events('keyboard', 6), [...down, ...up]);
    });

    test('the pointer, its buttons and its wheel arrive where they were used', async () => {
      await board.machine.call('listen', 'absolute-mouse');
      const { mouse } = viewer.page;
      const box = await viewer.page
        .locator('kvm-picture :is(video, canvas):last-child')
        .boundingBox();
      assert.ok(box);
      // From elsewhere: a place that does not change is no event.
      await mouse.move(box.x + 9, box.y + 9);
      await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await mouse.down();
      await mouse.up();
      await mouse.wheel(0, 100);
      let events: string[] = [];
      await until('a turn of the wheel', async () => {
        events = await board.machine.call('events', 'absolute-mouse');
        return events.some((event) => event.startsWith('REL_WHEEL '));
      });
      const place = (axis: string) =>
        Number(events.findLast((event) => event.startsWith(`${axis} `))?.split(' ')[1]);
      // The middle of 0 to 32767, give or take a pixel of the page.
      const pixel = 32767 / Math.min(box.width, box.height);
      for (const axis of ['ABS_X', 'ABS_Y']) {
        assert.ok(Math.abs(place(axis) - 16383.5) <= pixel, `${axis} ${place(axis)}`);
      }
      const rest = events.filter((event) => !/^ABS_|_HI_RES /.test(event));
      assert.deepEqual(rest, ['BTN_LEFT 1', 'BTN_LEFT 0', 'REL_WHEEL -1']);
    });

    test('a lamp that the host switches is lit in the page', async () => {
      const caps = async () =>
        (await viewer.state<{ hid: { leds: { capsLock: boolean } | null } }>('remote')).hid.leds
          ?.capsLock;
      for (const on of [true, false]) {
        await board.machine.call('lamp', 'LED_CAPSL', on);
        await until(`Caps Lock ${on ? 'lit' : 'dark'}`, async () => (await caps()) === on);
      }
    });

    test('a key that is held when the viewer’s computer falls asleep is released on the host', async () => {
      await board.machine.call('clear', 'keyboard');
      await viewer.focus();
      await viewer.page.keyboard.down('KeyQ');
      await board.machine.events('keyboard', 1);
      board.laptop.sleep();
      try {
        assert.deepEqual(await board.machine.events('keyboard', 2), ['KEY_Q 1', 'KEY_Q 0']);
      } finally {
        board.laptop.wake();
      }
      await viewer.page.keyboard.up('KeyQ');
      await viewer.ready();
    });
  });
}
