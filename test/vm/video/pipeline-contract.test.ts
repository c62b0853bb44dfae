import type { TestContext } from 'node:test';
import { createPipeline, type EncoderOptions } from '../../../native/index.js';
import { describePipeline, type PipelineWorld } from '../../contract/pipeline-contract.js';
import { testEncoder } from './capture-rig.js';
import { CAPTURE, press, replugVivid, resetVivid, setControls, setMode } from './vivid.js';

/** The HDMI input of the kernel's vivid, with a picture that counts frames. */
function vividWorld(t: TestContext, encoder: EncoderOptions): PipelineWorld {
  resetVivid();
  setControls({ osd_text_mode: 0 });
  return {
    modes: [
      { width: 640, height: 480 },
      { width: 1280, height: 720 },
    ],
    createPipeline: (listener) =>
      createPipeline(
        {
          source: { kind: 'capture-device', path: CAPTURE },
          encoder,
          bitrateBps: 4_000_000,
          frameRate: 60,
        },
        listener,
      ),
    setMode: ({ width }) => setMode(width === 640 ? '640x480' : '1280x720'),
    lose: () => {
      press('disconnect');
      // Behind the closing of the pipeline: a node that is open keeps the driver.
      t.after(() => replugVivid());
      return 'ENODEV';
    },
  };
}

describePipeline('an HDMI input, coded in software', (t) => vividWorld(t, { kind: 'software' }));
describePipeline('an HDMI input, coded in hardware', (t) => vividWorld(t, testEncoder()));
