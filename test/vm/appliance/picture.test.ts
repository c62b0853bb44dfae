import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SIGNAL_TEXTS } from '../../../client/src/elements/overlay-texts.js';
import type { ConsolePage } from '../../e2e/console-page.js';
import { until } from '../../e2e/until.js';
import { SIGNAL } from '../video/vivid.js';
import { Board, STATIC_SOURCE } from './board.js';
import { BARS, type Colour, distance, shownColours } from './colours.js';

/** vivid takes the 5 V of the cable away together with the signal. */
const LOSSES = [
  [SIGNAL.none, 'no-cable'],
  [SIGNAL.noLock, 'no-sync'],
  [SIGNAL.outOfRange, 'unsupported-timings'],
] as const;

/** dv_timings: the place of 720x480 in vivid's menu. */
const OTHER_MODE = 2;

/** vivid's menu of test patterns: the whole picture red. */
const ALL_RED = 7;

/** The software encoder writes into its stream which colours it has; what is left is rounding, and the loss of H.264. */
const CODING_LOSS = 10;

let board: Board;

before(async () => {
  board = await Board.start({ encoder: 'software' });
});

after(async () => {
  await board?.close();
});

for (const [search, transport] of [
  ['?transport=webrtc', 'webrtc'],
  ['?transport=ws', 'websocket'],
] as const) {
  describe(`the picture of the HDMI source, over ${transport}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      viewer = await board.view(search);
    });

    after(async () => {
      await viewer?.close();
    });

    const untilShown = (what: string, expected: readonly Colour[]) =>
      until(
        what,
        async () => distance(await shownColours(viewer), expected) <= CODING_LOSS,
        () => shownColours(viewer),
      );

    test('it comes over the carrier that was asked for, in the size of the source', async () => {
      assert.equal(await viewer.state('transport'), transport);
      assert.equal(await viewer.state('pictureWidth'), 640);
      assert.equal(await viewer.state('pictureHeight'), 480);
    });

    test('the browser shows the colours that the source sends, and follows it', async () => {
      await untilShown('the colour bars', BARS);
      await board.machine.call('source', { test_pattern: ALL_RED });
      await untilShown(
        'a red picture',
        BARS.map(() => [255, 0, 0]),
      );
      await board.machine.call('source', STATIC_SOURCE);
      await untilShown('the colour bars again', BARS);
    });

    for (const [lost, state] of LOSSES) {
      test(`${state}: the page says so, and the picture returns by itself`, async () => {
        await untilShown('the colour bars', BARS);
        await board.machine.call('source', { dv_timings_signal_mode: lost });
        await viewer.waitForState('signal', state);
        const overlay = viewer.page.locator('kvm-overlay');
        await overlay.getByRole('heading', { name: SIGNAL_TEXTS[state].title }).waitFor();
        await board.machine.call('source', STATIC_SOURCE);
        await viewer.waitForState('signal', 'ok');
        await overlay.getByRole('heading').waitFor({ state: 'detached' });
        await untilShown('the colour bars', BARS);
      });
    }

    test('the picture follows a change of mode', async () => {
      const size = async () =>
        `${await viewer.state('pictureWidth')}x${await viewer.state('pictureHeight')}`;
      await board.machine.call('source', { dv_timings: OTHER_MODE });
      await until('a picture of 720x480', async () => (await size()) === '720x480', size);
      await untilShown('the colour bars', BARS);
      await board.machine.call('source', STATIC_SOURCE);
      await until('a picture of 640x480', async () => (await size()) === '640x480', size);
      assert.equal(await viewer.state('signal'), 'ok');
    });
  });
}
