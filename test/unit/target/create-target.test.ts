import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { silentLogger } from '../../../server/logger.js';
import { createTarget, type TargetChoice } from '../../../server/target/create-target.js';
import { SimulatedTarget } from '../../../server/target/simulated/simulated-target.js';
import type { Target } from '../../../server/target/target.js';

const ABSENT = '/nonexistent/video0';
/** Something that is there. */
const PRESENT = '/dev/null';

describe('the choice of the target', () => {
  let target: Target | undefined;
  const said: string[] = [];
  afterEach(async () => {
    await target?.close();
    target = undefined;
    said.length = 0;
  });

  async function choose(kind: TargetChoice['kind'], device: string): Promise<Target> {
    const logger = { ...silentLogger, info: (_: object, text: string) => void said.push(text) };
    target = await createTarget({ kind, device, frameRate: 60, seed: 1, testMarks: false, logger });
    return target;
  }

  it('never turns hardware into the simulator', async () => {
    for (const device of [ABSENT, PRESENT]) {
      await assert.rejects(choose('hardware', device), (error: Error) => {
        assert.ok(error instanceof StartError);
        assert.ok(error.message.includes(device) && error.message.includes('--target'));
        return true;
      });
    }
  });

  for (const [device, why] of [
    [ABSENT, /there is no capture device \/nonexistent\/video0: driving the simulated computer/],
    [PRESENT, /cannot drive hardware yet \(\/dev\/null is left alone\): driving the simulated/],
  ] as const) {
    it(`with auto says what it took and why, ${device}`, async () => {
      assert.equal((await choose('auto', device)).kind, 'simulated');
      assert.equal(said.length, 1);
      assert.match(said[0] ?? '', why);
    });
  }

  it('makes a simulator that records nothing and that nobody can steer', async () => {
    const simulated = await choose('simulated', ABSENT);
    assert.ok(simulated instanceof SimulatedTarget);
    for (const ask of [
      () => simulated.log(),
      () => simulated.typedText(),
      () => simulated.screenText(),
      () => simulated.bootTo('desktop'),
    ]) {
      await assert.rejects(ask, /recordLog is off/);
    }
  });
});
