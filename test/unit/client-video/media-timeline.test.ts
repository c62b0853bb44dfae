import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEDIA_TIMESCALE } from '../../../client/src/video/fmp4.js';
import { MediaTimeline } from '../../../client/src/video/media-timeline.js';

const ticks = (ms: number) => (ms * MEDIA_TIMESCALE) / 1000;

test('open: each picture comes right after what is played, and lasts until long after', () => {
  const timeline = new MediaTimeline('open');
  assert.equal(timeline.place(0).time, 0);
  for (const playedMs of [33, 66, 100, 1100, 61_100]) {
    const { time, duration } = timeline.place(playedMs / 1000);
    assert.equal(time, ticks(playedMs + 20));
    assert.ok(duration > ticks(60_000));
  }
});

test('open: a player that does not move on gets growing times, and one that has run dry no gap', () => {
  const timeline = new MediaTimeline('open');
  timeline.place(0);
  const stuck = [timeline.place(1), timeline.place(1), timeline.place(1)].map(({ time }) => time);
  assert.deepEqual(stuck, [ticks(1020), ticks(1021), ticks(1022)]);
  const end = ticks(1022) + timeline.place(1.1).duration;
  assert.ok(timeline.place(86_400).time <= end + ticks(200));
});

test('edge: each picture begins where the last one ends, wherever the player is', () => {
  const timeline = new MediaTimeline('edge');
  let end = 0;
  for (const playedMs of [0, 1, 2, 2, 2, 90_000]) {
    const { time, duration } = timeline.place(playedMs / 1000);
    assert.equal(time, end);
    assert.equal(duration, ticks(1));
    end = time + duration;
  }
});
