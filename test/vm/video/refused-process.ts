// Captures from a device that cannot stream, until it is ended; says when it is told so.
import { CaptureRig } from './capture-rig.js';

const rig = new CaptureRig();
rig.pipeline.start();
await rig.untilState('unsupported-timings');
process.stderr.write('told\n');
for (let told = 0; ; told++) {
  await rig.until('a sentence', () => rig.notices.length > told);
  process.stderr.write(`${rig.notices[told]}\n`);
}
