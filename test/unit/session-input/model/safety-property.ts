import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CONSUMER_PAGE,
  FIRST_MODIFIER,
  SYSTEM_PAGE,
} from '../../../../server/protocol/key-usage.js';
import type { LinkFaults } from './model-link.js';
import { ModelWorld, type SinkOf } from './model-world.js';

const BAD_LINK: LinkFaults = { loss: 0.3, duplicates: 0.1, jitterMs: 40, stallMs: 1000 };

/** How the run ends for each viewer. */
const ENDINGS = ['blur', 'end', 'crash'] as const;

/**
 * Whatever happens, when all is quiet the target holds what the viewers hold; once they blurred, ended or crashed
 * it holds nothing of theirs, and what another source holds was never released.
 */
export function safetyProperty(sinkOf?: SinkOf): fc.IProperty<[number, number[], number]> {
  const seed = fc.nat();
  const actions = fc.array(fc.nat(), { maxLength: 60, size: 'max' });
  const ending = fc.nat({ max: 8 });
  return fc.property(seed, actions, ending, (networkSeed, codes, endingCode) => {
    const world = new ModelWorld(networkSeed, BAD_LINK, sinkOf);
    const [first, second] = world.viewers;
    first.setControl(true);
    second.setControl(networkSeed % 2 === 0);
    first.connect();
    second.connect();
    world.startTypist();
    // Until both pages know of their control, whatever the network does to the first message.
    world.clock.advance(1100);
    for (const code of codes) world.act(code);

    world.settle();
    assertHeld(world);

    [first, second].forEach((viewer, index) => {
      const how = ENDINGS[Math.floor(endingCode / 3 ** index) % 3];
      if (how === 'blur') viewer.sender.releaseAll();
      else if (how === 'end') viewer.end();
      else viewer.crash(100, null);
    });
    world.settle();
    assert.deepEqual(world.host.target.held(), ['4']);
    world.stopTypist();
    world.settle();
    assert.deepEqual(world.host.target.held(), []);
    // Nothing moves any more: no report, however long we wait.
    const { writes } = world.host;
    world.settle();
    assert.equal(world.host.writes, writes);
  });
}

/** The target holds what the viewers and the typist hold, as far as its reports can say so. */
function assertHeld(world: ModelWorld): void {
  const expected = world.expectedHeld(true);
  const keys = expected.filter((name) => Number(name) < FIRST_MODIFIER);
  const media = expected.filter(
    (name) => Number(name) >= CONSUMER_PAGE && Number(name) < SYSTEM_PAGE,
  );
  const { target } = world.host;
  assert.equal(target.rolledOver, keys.length > 6);
  if (target.rolledOver) return;
  const held = target.held();
  // The consumer control shows one key at a time.
  const shown = media.find((name) => held.includes(name));
  const expectedShown = expected.filter((name) => !media.includes(name) || name === shown);
  assert.equal(shown !== undefined, media.length > 0);
  assert.deepEqual(held, expectedShown);
}
