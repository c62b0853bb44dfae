// Captures some pictures and tells what became of them, in a process whose capture driver cannot export its memory.
import { createHash } from 'node:crypto';
import { decode } from '../../native/decoding.js';
import { CaptureRig, testEncoder } from './capture-rig.js';

const rig = new CaptureRig({ encoder: testEncoder(), pixelFormat: 'YU12' });
rig.pipeline.start();
await rig.untilUnits(8);
const { copied } = rig.pipeline.stats();
rig.pipeline.close();
const pictures = decode(rig.units.map((unit) => unit.data)).map(({ y, u, v }) =>
  createHash('sha256').update(y).update(u).update(v).digest('hex'),
);
process.stdout.write(JSON.stringify({ copied, pictures, notices: rig.notices }));
