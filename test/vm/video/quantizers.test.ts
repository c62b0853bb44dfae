import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { NativeAccessUnit } from '../../../native/index.js';
import { BitReader, NAL, nalType, nalUnits } from '../../native/annex-b.js';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { resetVivid } from './vivid.js';

beforeEach(resetVivid);

/** What the slice of the test encoder says (7.3.3): of keyframes the coarsest that is allowed, of other pictures the finest. */
function quantizerOf({ data, keyframe }: NativeAccessUnit): number {
  const slice = nalUnits(data).find((unit) => nalType(unit) === (keyframe ? NAL.idr : NAL.slice));
  const reader = new BitReader(slice ?? assert.fail('no slice'));
  for (let field = 0; field < 3; field++) reader.unsigned();
  reader.bits(4);
  if (keyframe) reader.unsigned();
  reader.bits(keyframe ? 2 : 3);
  return 26 + reader.signed();
}

test('hardware: quantizers change on a running encoder, upwards and downwards, without a new start', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(3);
  for (const unit of rig.units) assert.equal(quantizerOf(unit), unit.keyframe ? 44 : 22);
  // The second is beyond the first, the third below the second.
  const ranges = [
    { finest: 30, coarsest: 40 },
    { finest: 46, coarsest: 51 },
    { finest: 0, coarsest: 12 },
  ];
  for (const quantizers of ranges) {
    rig.pipeline.setQuantizers(quantizers);
    const shows = (keyframe: boolean, quantizer: number) => () => {
      const unit = rig.unit(-1);
      return unit.keyframe === keyframe && quantizerOf(unit) === quantizer;
    };
    await rig.until(`a picture at ${quantizers.finest}`, shows(false, quantizers.finest));
    rig.pipeline.requestKeyframe();
    await rig.until(`a keyframe at ${quantizers.coarsest}`, shows(true, quantizers.coarsest));
  }
  const { dropped } = rig.pipeline.stats();
  const keyframes = rig.units.filter((unit) => unit.keyframe).length;
  assert.ok(keyframes <= 1 + ranges.length + dropped, `${keyframes} keyframes, ${dropped} dropped`);
  assert.deepEqual(rig.failures, []);
  assert.deepEqual(
    rig.notices.filter((notice) => /quantizer/.test(notice)),
    [],
  );
  assert.equal(decode(rig.units.map(({ data }) => data)).length, rig.units.length);
});
