import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FIGURES_FILE, type KernelFigure } from '../../vm/measure/kernel-figures.js';
import { runSuite } from '../../vm/suite.js';
import type { Measurement } from './measurement.js';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../vm/', import.meta.url));

/**
 * The ways through the kernel's own drivers, in the emulated machine of test/vm: a change of the source to the first picture, a HID
 * report to the program that reads it, and the stages of a picture. Emulated: about ten times slower than this machine, so only
 * ratios and shares mean anything.
 */
export const kernelPaths: Measurement = {
  name: 'kernel_paths',
  measure: async ({ figures, note }) => {
    const counts = await runSuite('measure', { project: PROJECT, compiled: COMPILED }, note);
    if (counts.fail + counts.cancelled > 0) throw new Error('the suite failed');
    const file = `${PROJECT}test/vm/build/job-measure/${FIGURES_FILE}`;
    for (const { name, unit, runs, reference } of JSON.parse(
      readFileSync(file, 'utf8'),
    ) as KernelFigure[]) {
      for (const run of runs) figures.add(`kernel.${name}`, unit, run);
      for (const run of reference) figures.addReference(`kernel.${name}`, unit, run);
    }
  },
};
