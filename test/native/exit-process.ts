// Ends in the way that the argument names while a pipeline runs. Exit code 0 when nothing crashed.
import { monotonicUs } from '../../native/index.js';
import { drawDesktop } from './drawing.js';
import { Rig } from './rig.js';

const way = process.argv[2];
const rig = new Rig({ width: 640, height: 480 });
drawDesktop(rig.canvas);
rig.pipeline.start();
rig.submit();
await rig.recorder.untilUnits(2);
switch (way) {
  case 'exit while running':
    process.exit(0);
    break;
  case 'exit while a picture is coded':
    for (const end = monotonicUs() + 50_000; monotonicUs() < end; ) {
      if (rig.producer.acquire()) {
        rig.canvas.pixels.fill(monotonicUs() & 0xffffff);
        rig.submit();
      }
    }
    process.exit(0);
    break;
  case 'exit from the listener':
    rig.recorder.accessUnit = () => process.exit(0);
    break;
  case 'close and let the loop end':
    rig.close();
    break;
  case 'throw in the listener':
    process.once('uncaughtException', (error) => process.exit(error.message === 'mine' ? 0 : 2));
    rig.recorder.accessUnit = () => {
      throw new Error('mine');
    };
    break;
  default:
    process.exit(3);
}
