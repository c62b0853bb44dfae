import { existsSync } from 'node:fs';
import { StartError } from '../errors.js';
import type { Logger } from '../logger.js';
import { createSimulatedTarget } from './simulated/simulated-target.js';
import type { Target } from './target.js';

export interface TargetChoice {
  kind: 'auto' | 'hardware' | 'simulated';
  /** Capture device of the hardware target. */
  device: string;
  frameRate: number;
  seed: number;
  testMarks: boolean;
  logger: Logger;
}

/**
 * Opens the target. Only `auto` chooses, by whether the capture device exists, and says what it took; `hardware`
 * never turns into the simulator. Throws StartError when the target cannot be had.
 */
export async function createTarget(choice: TargetChoice): Promise<Target> {
  const { device, logger } = choice;
  const present = existsSync(device);
  if (choice.kind === 'hardware' || (choice.kind === 'auto' && present)) {
    throw new StartError(
      `This version cannot drive hardware yet (capture device ${device}); start it with --target simulated.`,
    );
  }
  if (choice.kind === 'auto') {
    logger.info({ device }, `there is no capture device ${device}: driving the simulated computer`);
  }
  const { frameRate, seed, testMarks } = choice;
  return createSimulatedTarget({ frameRate, seed, testMarks, recordLog: false, logger });
}
