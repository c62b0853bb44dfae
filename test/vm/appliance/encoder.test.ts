import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../e2e/until.js';
import { Board } from './board.js';
import { BARS, distance, shownColours } from './colours.js';

/**
 * The encoder of the tests does not write into its stream that the colours are BT.601, and the browser takes BT.709
 * then: that much brighter or darker are some of them. The colours of the bars differ by 191.
 */
const UNMARKED_STREAM = 35;

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
    async () => distance(await shownColours(viewer), BARS) <= UNMARKED_STREAM,
    () => shownColours(viewer),
  );
  await viewer.close();
});
