// Captures from a device that cannot stream, until it is ended; says when it is told so.
import { CaptureRig } from './capture-rig.js';

const rig = new CaptureRig();
rig.pipeline.start();
await rig.untilState('unsupported-timings');
process.stderr.write('told\n');
await rig.until('a sentence', () => rig.notices.length > 0);
for (const notice of rig.notices) process.stderr.write(`${notice}\n`);
