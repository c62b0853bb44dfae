// Captures some pictures and tells what was counted.
import { CaptureRig } from './capture-rig.js';

const rig = new CaptureRig();
rig.pipeline.start();
await rig.until('20 pictures', () => {
  const { captured, damaged } = rig.pipeline.stats();
  return captured + damaged >= 20;
});
const { captured, damaged, missed } = rig.pipeline.stats();
rig.pipeline.close();
process.stdout.write(JSON.stringify({ taken: captured + damaged, missed }));
