import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { AccessUnit } from '../../../../server/protocol/access-unit.js';
import type { PathReport } from '../../../../server/session/path-report.js';
import type { VideoConsumer } from '../../../../server/session/video-feed.js';
import { AdaptiveFeed } from '../../../../server/video/adaptation/adaptive-feed.js';
import { DRAINING_BPS } from '../../../../server/video/adaptation/path-controller.js';
import type { PictureConsumer } from '../../../../server/video/video-supervisor.js';
import { FakeTimers } from '../../../fakes/fake-timers.js';

const LIMITS = { ceilingBps: 4_000_000, floorBps: 200_000, frameRate: 60 };

let timers: FakeTimers;
let consumers: Set<PictureConsumer>;
let bitrates: number[];
let frameRates: number[];
let keyframesAsked: number;
let number: number;

const video = {
  subscribe(consumer: PictureConsumer): () => void {
    consumers.add(consumer);
    return () => consumers.delete(consumer);
  },
  requestKeyframe: () => {
    keyframesAsked += 1;
  },
  setBitrate: (bitrateBps: number) => bitrates.push(bitrateBps),
  setFrameRate: (frameRate: number) => frameRates.push(frameRate),
};

beforeEach(() => {
  timers = new FakeTimers();
  consumers = new Set();
  bitrates = [];
  frameRates = [];
  keyframesAsked = 0;
  number = 0;
});

function createFeed(fixed = false): AdaptiveFeed {
  return new AdaptiveFeed({ video, limits: LIMITS, fixed, timers });
}

class Viewer implements VideoConsumer {
  readonly units: AccessUnit[] = [];
  readonly told: boolean[] = [];
  decides: boolean;
  path: PathReport | null = null;

  constructor(decides: boolean) {
    this.decides = decides;
  }

  accessUnit(unit: AccessUnit): void {
    this.units.push(unit);
  }

  thinned(thin: boolean): void {
    this.told.push(thin);
  }

  queue(queueDelayMs: number, estimatedBitrateBps = 1_000_000): void {
    const known = { roundTripMs: 40, lossFraction: 0, outages: 0, reportedAtMs: 0 };
    this.path = { ...known, queueDelayMs, estimatedBitrateBps };
  }
}

function picture(keyframe: boolean, bytes = 8000): void {
  number += 1;
  const data = new Uint8Array(bytes);
  const unit = { data, keyframe, timestampUs: number, number, width: 64, height: 64 };
  for (const consumer of consumers) consumer.accessUnit(unit);
}

/** Pictures at 10 per second. A keyframe that was asked for comes with the next one. */
function run(ms: number, bytes?: number): void {
  for (let passed = 0; passed < ms; passed += 100) {
    const asked = keyframesAsked;
    timers.advance(100);
    picture(keyframesAsked > asked, bytes);
  }
}

test('the encoder follows the viewer in control, down to a pause and back', () => {
  const viewer = new Viewer(true);
  createFeed().subscribe(viewer);
  viewer.queue(0);
  run(300);
  assert.equal(bitrates.at(-1), LIMITS.ceilingBps);
  viewer.queue(200, 150_000);
  run(200);
  assert.equal(bitrates.at(-1), DRAINING_BPS);
  assert.equal(frameRates.at(-1), 60);
  viewer.queue(0);
  run(100);
  assert.equal(bitrates.at(-1), 127_500);
  assert.equal(frameRates.at(-1), 38);
});

test('a watcher does not move the encoder', () => {
  const feed = createFeed();
  const [viewer, watcher] = [new Viewer(true), new Viewer(false)];
  feed.subscribe(viewer);
  feed.subscribe(watcher);
  viewer.queue(0);
  watcher.queue(500);
  run(5000);
  assert.deepEqual(bitrates, [LIMITS.ceilingBps]);
});

test('while nobody has control the fastest viewer decides', () => {
  const feed = createFeed();
  const [slow, fast] = [new Viewer(false), new Viewer(false)];
  feed.subscribe(slow);
  feed.subscribe(fast);
  slow.queue(200, 100_000);
  fast.queue(0);
  run(200);
  slow.queue(0, 100_000);
  run(200);
  assert.equal(bitrates.at(-1), LIMITS.ceilingBps);
});

test('a fixed bitrate stays', () => {
  const viewer = new Viewer(true);
  createFeed(true).subscribe(viewer);
  viewer.queue(500);
  run(2000);
  assert.deepEqual([bitrates, frameRates], [[], []]);
});

test('a much slower watcher gets at most one keyframe in two seconds and is told; the others get everything', () => {
  const feed = createFeed();
  const [viewer, watcher] = [new Viewer(true), new Viewer(false)];
  feed.subscribe(viewer);
  feed.subscribe(watcher);
  viewer.queue(0);
  watcher.queue(500);
  picture(true);
  run(1500);
  assert.deepEqual(watcher.told, [true]);
  assert.equal(feed.isThin(watcher), true);
  watcher.queue(0);
  const [seen, all] = [watcher.units.length, viewer.units.length];
  run(4000);
  const thin = watcher.units.slice(seen);
  assert.ok(thin.every(({ keyframe }) => keyframe));
  assert.equal(thin.length, 2);
  assert.equal(viewer.units.length - all, 40);
});

test('the requests of a thin watcher force nothing, nor does a still screen', () => {
  const feed = createFeed();
  const [viewer, watcher] = [new Viewer(true), new Viewer(false)];
  feed.subscribe(viewer);
  feed.subscribe(watcher);
  watcher.queue(500);
  run(1500);
  watcher.queue(0);
  run(2500, 50);
  const asked = keyframesAsked;
  feed.requestKeyframe(watcher);
  run(1000, 50);
  assert.equal(feed.isThin(watcher), true);
  assert.equal(keyframesAsked, asked);
  feed.requestKeyframe(viewer);
  assert.equal(keyframesAsked, asked + 1);
});

test('after five seconds with a free path all pictures are tried again, from a keyframe on', () => {
  const feed = createFeed();
  const [viewer, watcher] = [new Viewer(true), new Viewer(false)];
  feed.subscribe(viewer);
  feed.subscribe(watcher);
  watcher.queue(500);
  run(1000);
  watcher.queue(0);
  run(8000);
  assert.deepEqual(watcher.told, [true, false]);
  const from = watcher.units.findLastIndex(({ keyframe }) => keyframe);
  const rest = watcher.units.slice(from).map((unit) => unit.number);
  assert.ok(rest.length > 5);
  assert.deepEqual(
    rest,
    viewer.units.slice(-rest.length).map((unit) => unit.number),
  );
});

test('nobody watching, no timer; two subscriptions of one viewer are two', () => {
  const feed = createFeed();
  const viewer = new Viewer(true);
  const first = feed.subscribe(viewer);
  const second = feed.subscribe(viewer);
  first();
  picture(true);
  assert.equal(viewer.units.length, 1);
  second();
  second();
  timers.advance(1000);
  assert.equal(timers.pending, 0);
  assert.equal(consumers.size, 0);
});

test('a keyframe for a viewer with a queue waits until that is gone, and no longer than a second and a half', () => {
  const feed = createFeed();
  const [viewer, other] = [new Viewer(true), new Viewer(false)];
  feed.subscribe(viewer);
  feed.subscribe(other);
  viewer.queue(0);
  other.queue(0);
  run(300);
  viewer.queue(200);
  run(200);
  const before = keyframesAsked;
  feed.requestKeyframe(viewer);
  feed.requestKeyframe(viewer);
  run(200);
  assert.equal(keyframesAsked, before);
  // Others are not kept waiting.
  feed.requestKeyframe(other);
  assert.equal(keyframesAsked, before + 1);
  viewer.queue(0);
  run(100);
  assert.equal(keyframesAsked, before + 2);

  run(1000);
  viewer.queue(1000);
  run(200);
  feed.requestKeyframe(viewer);
  viewer.queue(3000);
  run(1000);
  assert.equal(keyframesAsked, before + 2);
  run(500);
  assert.equal(keyframesAsked, before + 3);
});

test('a queue that a keyframe did not end gets the next one twice as late', () => {
  const feed = createFeed();
  const viewer = new Viewer(true);
  feed.subscribe(viewer);
  viewer.queue(0);
  run(300);
  let queueMs = 200;
  const at: number[] = [];
  for (let ms = 0; ms < 12_000; ms += 100) {
    // It grows, so that it is not taken for the queue of others.
    queueMs *= 1.05;
    viewer.queue(queueMs);
    feed.requestKeyframe(viewer);
    const before = keyframesAsked;
    run(100);
    if (keyframesAsked > before) at.push(ms);
  }
  const gaps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  assert.equal(gaps.length >= 2, true, `${at}`);
  for (const [index, gap] of gaps.entries()) {
    assert.ok(gap >= Math.min(6000, 1500 * 2 ** (index + 1)), `${at}`);
  }
});

test('on a thin path a keyframe is through before the next one is made', () => {
  const feed = createFeed();
  const viewer = new Viewer(true);
  feed.subscribe(viewer);
  viewer.queue(0);
  run(300);
  viewer.queue(200, 150_000);
  run(200);
  viewer.queue(0, 130_000);
  run(2000);
  const before = keyframesAsked;
  const bytes = 24_000;
  for (let ms = 0; ms < 3000; ms += 100) {
    const asked = keyframesAsked;
    feed.requestKeyframe(viewer);
    timers.advance(100);
    if (keyframesAsked > asked) picture(true, bytes);
  }
  // 192 kbit at about 130 kbit/s: each takes 1.5 s, where there was one each 100 ms.
  assert.ok(keyframesAsked - before <= 3, `${keyframesAsked - before}`);
  assert.ok(keyframesAsked - before >= 1);
});
