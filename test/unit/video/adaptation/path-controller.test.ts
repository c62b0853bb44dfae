import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PathReport } from '../../../../server/session/path-report.js';
import {
  DRAINING_BPS,
  PathController,
  SMALLEST_BPS,
} from '../../../../server/video/adaptation/path-controller.js';
import { propertyRuns } from '../../session-input/model/property-runs.js';
import { Random } from '../../session-input/model/random.js';
import { SimulatedPath } from './simulated-path.js';

const CEILING_BPS = 6e6;

for (const queueMs of [300, 1000]) {
  for (const delayMs of [1, 20, 75]) {
    const name = `from 8 to 1 Mbit/s and back, a queue of ${queueMs} ms, ${2 * delayMs} ms there and back`;
    test(`${name}: short again within 2 s, fast again within 10 s`, () => {
      const path = new SimulatedPath(CEILING_BPS, { bitsPerSecond: 8e6, delayMs, queueMs });
      path.run(5000);
      assert.equal(path.controller.rateBps, CEILING_BPS);
      path.link.shape.bitsPerSecond = 1e6;
      path.run(2000);
      let longestMs = 0;
      path.run(15_000, () => {
        longestMs = Math.max(longestMs, path.link.waitMs(path.nowMs));
      });
      assert.ok(longestMs + delayMs < 300, `${longestMs} ms`);
      assert.ok(path.controller.rateBps > 0.6e6, `${path.controller.rateBps}`);
      path.link.shape.bitsPerSecond = 8e6;
      path.run(10_000);
      assert.ok(path.controller.rateBps > 0.8 * CEILING_BPS, `${path.controller.rateBps}`);
    });
  }
}

for (const loss of [0.01, 0.05]) {
  test(`random losses of ${loss * 100} % cost no bit rate`, () => {
    const path = new SimulatedPath(CEILING_BPS, { delayMs: 20, loss });
    path.run(20_000, () => assert.equal(path.controller.rateBps, CEILING_BPS));
  });
}

for (const goneMs of [1200, 2500]) {
  test(`a path that is gone for ${goneMs} ms and comes back empty keeps its rate`, () => {
    const path = new SimulatedPath(CEILING_BPS, { delayMs: 20 });
    path.run(5000);
    path.link.shape.loss = 1;
    path.run(goneMs);
    assert.equal(path.controller.presentBps, DRAINING_BPS);
    path.link.shape.loss = 0;
    path.run(700);
    assert.equal(path.controller.presentBps, CEILING_BPS);
    assert.equal(path.controller.takeRepair(), true);
    path.run(5000, () => assert.equal(path.controller.rateBps, CEILING_BPS));
  });
}

test('a rate that was believed too small grows fast when a keyframe of far more goes through without a queue', () => {
  const controller = new PathController(CEILING_BPS);
  let nowMs = 0;
  const pass = (ms: number, path: PathReport, sentBps: number) => {
    for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 100)
      controller.update(nowMs, path, sentBps);
  };
  pass(300, report(300, 20_000), 5e6);
  pass(1000, report(0, 20_000), 0);
  assert.equal(controller.rateBps, SMALLEST_BPS);
  // A keyframe each 3 s is all that the encoder makes of such a rate.
  for (let keyframe = 0; keyframe < 3; keyframe++) {
    pass(500, report(0, 1e6), 400_000);
    pass(2500, report(0, 1e6), 0);
  }
  assert.ok(controller.rateBps > 150_000, `${controller.rateBps}`);
  assert.ok(controller.rateBps < 400_000, `${controller.rateBps}`);
});

test('heavy losses without a queue lower the rate', () => {
  const path = new SimulatedPath(CEILING_BPS, { delayMs: 20, loss: 0.3 });
  path.run(5000);
  assert.ok(path.controller.rateBps < CEILING_BPS / 2);
});

test('what a viewer does not use does not grow', () => {
  const path = new SimulatedPath(CEILING_BPS, { bitsPerSecond: 1e6, delayMs: 20, queueMs: 300 });
  path.run(5000);
  path.wantedBps = 50_000;
  path.run(3000);
  const { rateBps } = path.controller;
  assert.ok(rateBps < 1.2e6, `${rateBps}`);
  path.run(20_000);
  assert.equal(path.controller.rateBps, rateBps);
});

for (const delayMs of [5, 40]) {
  test(`a keyframe each 2 s on 2 Mbit/s does not fill the path, ${2 * delayMs} ms there and back`, () => {
    const path = new SimulatedPath(CEILING_BPS, { bitsPerSecond: 2e6, delayMs, queueMs: 600 });
    path.run(6000);
    assert.ok(path.controller.paceBps !== null);
    path.keyframeEveryMs = 2000;
    let longestMs = 0;
    path.run(20_000, () => {
      longestMs = Math.max(longestMs, path.link.waitMs(path.nowMs));
    });
    assert.ok(longestMs < 200, `what goes beside it waits ${longestMs} ms`);
    assert.ok(path.controller.rateBps > 1.2e6, `${path.controller.rateBps}`);
  });
}

test('where nothing tells that the path is slow, nothing is held back', () => {
  const path = new SimulatedPath(CEILING_BPS, { bitsPerSecond: 100e6, delayMs: 1, queueMs: 600 });
  path.keyframeEveryMs = 2000;
  path.run(20_000, () => assert.equal(path.controller.paceBps, null));
});

test('while pictures wait for their pace, next to none are made behind them', () => {
  const controller = new PathController(CEILING_BPS);
  const present = (ms: number, pacedMs: number) => {
    controller.update(ms, { ...report(0, 1e6), pacedMs }, 1e6);
    return controller.presentBps;
  };
  assert.equal(present(0, 300), DRAINING_BPS);
  assert.equal(present(100, 60), DRAINING_BPS);
  assert.equal(present(200, 0), CEILING_BPS);
  assert.equal(controller.rateBps, CEILING_BPS);
  // What never gets less is more than the path carries.
  for (let ms = 300; ms < 900; ms += 100) present(ms, 300);
  assert.notEqual(controller.drainingSinceMs, null);
});

function report(queueDelayMs: number, estimatedBitrateBps: number | null): PathReport {
  return {
    roundTripMs: queueDelayMs + 20,
    lossFraction: 0,
    estimatedBitrateBps,
    queueDelayMs,
    outages: 0,
    reportedAtMs: 0,
  };
}

test('a queue that others make is not fought for ever', () => {
  const controller = new PathController(CEILING_BPS);
  for (let ms = 0; ms < 3000; ms += 100) controller.update(ms, report(200, 1e6), 20_000);
  assert.equal(controller.drainingSinceMs, null);
  assert.ok(controller.presentBps > 0.5e6);
  for (let ms = 3000; ms < 4000; ms += 100) controller.update(ms, report(210, 1e6), 0.8e6);
  assert.equal(controller.drainingSinceMs, null);
  controller.update(4000, report(300, 1e6), 0.8e6);
  assert.equal(controller.presentBps, DRAINING_BPS);
});

test('a path that tells nothing gets the ceiling', () => {
  const controller = new PathController(CEILING_BPS);
  for (let ms = 0; ms < 3000; ms += 100) controller.update(ms, null, 5e6);
  assert.equal(controller.presentBps, CEILING_BPS);
});

test('after a queue that lost packets the viewer is helped once', () => {
  const controller = new PathController(CEILING_BPS);
  controller.update(0, { ...report(200, 1e6), lossFraction: 0.2 }, 5e6);
  assert.equal(controller.takeRepair(), false);
  controller.update(100, report(0, 1e6), 5e6);
  assert.equal(controller.takeRepair(), true);
  assert.equal(controller.takeRepair(), false);
});

const { seed, numRuns } = propertyRuns(5000);
test(`on any path that changes every 8 s no queue stands (${numRuns} runs, MYKVM_SEED=${seed})`, () => {
  const random = new Random(seed);
  for (let run = 0; run < numRuns; run++) {
    const runSeed = random.below(2 ** 31);
    const own = new Random(runSeed);
    const bits = () => 250_000 * 2 ** (own.next() * 6);
    const path = new SimulatedPath(
      CEILING_BPS,
      {
        bitsPerSecond: bits(),
        delayMs: 1 + own.below(80),
        queueMs: 200 + own.below(1000),
        loss: own.chance(0.5) ? own.next() * 0.03 : 0,
      },
      own.below(2 ** 31),
    );
    const explain = () => `seed ${runSeed}, ${JSON.stringify(path.link.shape)}, ${path.nowMs} ms`;
    const inBounds = () => {
      const { rateBps, presentBps } = path.controller;
      assert.ok(rateBps >= SMALLEST_BPS && rateBps <= CEILING_BPS, explain());
      assert.ok(presentBps === rateBps || presentBps === DRAINING_BPS, explain());
    };
    for (let change = 0; change < 4; change++) {
      path.run(4000, inBounds);
      path.run(4000, () => {
        inBounds();
        const waitMs = path.link.waitMs(path.nowMs);
        assert.ok(waitMs < 400, `${waitMs} ms: ${explain()}`);
      });
      path.link.shape.bitsPerSecond = bits();
    }
    path.link.shape.bitsPerSecond = 2 * CEILING_BPS;
    path.run(20_000, inBounds);
    assert.ok(
      path.controller.rateBps > 0.8 * CEILING_BPS,
      `${path.controller.rateBps}: ${explain()}`,
    );
  }
});
