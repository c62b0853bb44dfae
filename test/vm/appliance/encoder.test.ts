import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../e2e/until.js';
import { Board } from './board.js';
import { BARS, distance, shownColours } from './colours.js';

/** The bars' colours differ by 191; between the pixels of the encoder and those of the screen there is rounding only. */
const ROUNDING = 10;

let board: Board;

before(async () => {
  board = await Board.start({ encoder: 'auto' });
});

after(async () => {
  await board?.close();
});

// Over the WebSocket only: a keyframe without loss has 460 kB, and to encrypt its 400 packets in JavaScript takes the emulated
// machine longer than a browser waits.
test('captured pictures that a hardware encoder codes are shown in the browser', async () => {
  const viewer = await board.view('?transport=ws');
  assert.match(await board.machine.call('said'), /coding H\.264 in hardware/);
  await until(
    'the colour bars',
    async () => distance(await shownColours(viewer), BARS) <= ROUNDING,
    () => shownColours(viewer),
  );
  await viewer.close();
});
