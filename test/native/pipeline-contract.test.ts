import type { TestContext } from 'node:test';
import {
  createFrameBuffer,
  createPipeline,
  monotonicUs,
  openFrameBuffer,
} from '../../native/index.js';
import { describePipeline, type PipelineWorld } from '../contract/pipeline-contract.js';
import { drawDesktop } from './drawing.js';

const PERIOD_MS = 20;

/** A desktop that scrolls, 50 times a second. */
function frameBufferWorld(t: TestContext): PipelineWorld {
  const modes = [
    { width: 320, height: 240 },
    { width: 640, height: 480 },
  ] as const;
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  let mode: (typeof modes)[number] = modes[0];
  let pixels = producer.setMode(mode.width, mode.height);
  let line = 0;
  const show = () => {
    drawDesktop({ pixels, ...mode }, line++);
    producer.submit(monotonicUs());
  };
  show();
  const timer = setInterval(() => {
    if (producer.acquire()) show();
  }, PERIOD_MS);
  const close = () => {
    clearInterval(timer);
    buffer.close();
  };
  t.after(() => {
    close();
    producer.close();
  });
  return {
    modes,
    createPipeline: (listener) =>
      createPipeline(
        { source: buffer, encoder: { kind: 'software' }, bitrateBps: 4_000_000, frameRate: 60 },
        listener,
      ),
    setMode: (wanted) => {
      mode = modes.find(({ width }) => width === wanted.width) ?? modes[0];
      pixels = producer.setMode(mode.width, mode.height);
      show();
    },
    lose: () => {
      close();
      return 'ERR_FRAME_BUFFER_CLOSED';
    },
  };
}

describePipeline('a frame buffer, coded in software', frameBufferWorld);
