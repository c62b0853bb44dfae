import { beforeEach, test } from 'node:test';
import { startRig, testEncoder } from './capture-rig.js';
import { decodeWithFfmpeg } from './decode.js';
import { resetVivid, setControls, setMode } from './vivid.js';

beforeEach(resetVivid);

for (const kind of ['software', 'm2m'] as const) {
  const encoder = () => (kind === 'm2m' ? testEncoder() : { kind });

  for (const pixelFormat of ['YU12', 'UYVY']) {
    test(`moving ${pixelFormat} pictures, ${kind} encoder: ffmpeg decodes each`, async (t) => {
      setControls({ osd_text_mode: 0 });
      const rig = startRig(t, { encoder: encoder(), pixelFormat });
      await rig.untilUnits(20);
      rig.pipeline.close();
      decodeWithFfmpeg(rig.units);
    });
  }

  test(`modes that change while it streams, ${kind} encoder: ffmpeg decodes each picture of each`, async (t) => {
    setControls({ osd_text_mode: 0 });
    const rig = startRig(t, { encoder: encoder() });
    await rig.untilUnits(3);
    const starts = [0];
    for (const [mode, width] of [
      ['1280x720', 1280],
      ['640x480', 640],
      ['1280x720', 1280],
    ] as const) {
      const before = rig.units.length;
      setMode(mode);
      const first = () =>
        rig.units.findIndex((unit, index) => index >= before && unit.width === width);
      await rig.until(`pictures of ${mode}`, () => first() >= 0);
      starts.push(first());
      await rig.untilMoreUnits(3);
    }
    rig.pipeline.close();
    for (const [index, start] of starts.entries()) {
      decodeWithFfmpeg(rig.units.slice(start, starts[index + 1]));
    }
  });
}
