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
 * Opens the target. Only `auto` chooses, and says what it took; `hardware` never turns into the simulator. Throws
 * StartError when the target cannot be had.
 */
export async function createTarget(choice: TargetChoice): Promise<Target> {
  const { device, logger } = choice;
  if (choice.kind === 'hardware') {
    throw new StartError(
      `This version cannot drive hardware yet (capture device ${device}); start it with --target simulated.`,
    );
  }
  if (choice.kind === 'auto') {
    const why = existsSync(device)
      ? `this version cannot drive hardware yet (${device} is left alone)`
      : `there is no capture device ${device}`;
    logger.info({ device }, `${why}: driving the simulated computer`);
  }
  const { frameRate, seed, testMarks } = choice;
  return createSimulatedTarget({ frameRate, seed, testMarks, recordLog: false, logger });
}
