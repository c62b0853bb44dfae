import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplianceClock } from '../../../client/src/session/appliance-clock.js';
import { PictureMonitor, rtpDistanceMs } from '../../../client/src/session/picture-monitor.js';
import { rtpTimestamp } from '../../../server/protocol/access-unit.js';
import type { StateMessage } from '../../../server/protocol/control-messages.js';

/** The appliance's clock is 5 s ahead of the page's; the round trip takes 10 ms. */
function clockAhead(): ApplianceClock {
  const clock = new ApplianceClock();
  clock.add(0, 10, 5_005_000);
  return clock;
}

const state = (timestampUs: number) =>
  ({ video: { lastPicture: { number: 1, timestampUs } } }) as StateMessage;

const picture = (timestampUs: number, atMs: number) => ({
  rtpTimestamp: rtpTimestamp(timestampUs),
  width: 640,
  height: 480,
  atMs,
});

test('RTP distances survive the wrap', () => {
  assert.equal(rtpDistanceMs(90, 2 ** 32 - 90), 2);
  assert.equal(rtpDistanceMs(2 ** 32 - 90, 90), -2);
});

test('latency is from capture to drawn on the appliance’s clock', () => {
  const monitor = new PictureMonitor(clockAhead());
  monitor.shown(picture(5_100_000, 120));
  monitor.shown(picture(5_130_000, 170));
  monitor.shown(picture(5_160_000, 190));
  const metrics = monitor.measure({ frames: 3, bytes: 300, lostPercent: 0 }, 1000);
  assert.equal(metrics.latencyMs, 30);
  assert.deepEqual(metrics.latencyHistory, [30]);
});

test('latency works across the wrap of the RTP timestamp', () => {
  const wrapUs = (2 ** 32 / 90_000) * 1e6;
  const clock = new ApplianceClock();
  clock.add(0, 0, wrapUs);
  const monitor = new PictureMonitor(clock);
  monitor.shown(picture(wrapUs - 10_000, 15));
  assert.equal(Math.round(monitor.measure(null, 1000).latencyMs ?? -1), 25);
});

test('frame rate and bitrate are differences over the elapsed time', () => {
  const monitor = new PictureMonitor(clockAhead());
  monitor.reset(0);
  assert.equal(
    monitor.measure({ frames: 10, bytes: 1000, lostPercent: 0 }, 1000).framesPerSecond,
    null,
  );
  const metrics = monitor.measure({ frames: 70, bytes: 3000, lostPercent: 1 }, 3000);
  assert.equal(metrics.framesPerSecond, 30);
  assert.equal(metrics.bitrateBps, 8000);
  assert.equal(metrics.seconds, 3);
});

test('a reconnection starts the counts anew: no rate is negative', () => {
  const monitor = new PictureMonitor(clockAhead());
  monitor.reset(0);
  monitor.measure({ frames: 700, bytes: 90_000, lostPercent: 0 }, 1000);
  const first = monitor.measure({ frames: 2, bytes: 500, lostPercent: 0 }, 2000);
  assert.equal(first.framesPerSecond, null);
  assert.equal(first.bitrateBps, null);
  const next = monitor.measure({ frames: 32, bytes: 1500, lostPercent: 0 }, 3000);
  assert.equal(next.framesPerSecond, 30);
  assert.equal(next.bitrateBps, 8000);
});

test('a still target is not an old picture; a lagging one is', () => {
  const monitor = new PictureMonitor(clockAhead());
  monitor.shown(picture(5_100_000, 120));
  // Ten seconds later the appliance still has no newer picture.
  assert.equal(monitor.ageSeconds(state(5_100_000), 10_100), null);
  assert.equal(monitor.ageSeconds(state(6_100_000), 10_100), null);
  const age = monitor.ageSeconds(state(6_200_000), 10_100);
  assert.ok(age !== null && Math.abs(age - 10) < 0.01, `${age}`);
});

test('without a clock or a picture nothing is claimed', () => {
  const monitor = new PictureMonitor(new ApplianceClock());
  monitor.shown(picture(5_100_000, 120));
  assert.equal(monitor.ageSeconds(state(9_000_000), 100), null);
  assert.equal(monitor.measure(null, 100).latencyMs, null);
});

test('the shortest round trip of the window sets the clock', () => {
  const clock = new ApplianceClock();
  clock.add(0, 100, 90_000);
  clock.add(200, 210, 205_000);
  clock.add(300, 400, 390_000);
  assert.equal(clock.applianceUs(1000), 1_000_000);
  assert.equal(clock.roundTripMs, 100);
});
