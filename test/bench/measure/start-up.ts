import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../rig/program.js';
import { startBareServer } from './idle-cost.js';
import type { Measurement } from './measurement.js';

const REPEATS = 3;

/**
 * From the start of the process to its line with the URL: the first start of a unit, which makes its certificates, and
 * every later one. The reference is a bare fastify HTTPS server, from its start to its line.
 */
export const startUp: Measurement = {
  name: 'start_up',
  measure: async ({ options, figures, note }) => {
    const stateDir = await mkdtemp(join(tmpdir(), 'mykvm-bench-'));
    try {
      for (let run = 0; run < options.runs * REPEATS; run++) {
        const fresh = join(stateDir, String(run));
        for (const start of ['first', 'later'] as const) {
          figures.add(`start_up.${start}`, 'ms', await timed(() => Program.start(fresh)));
          const bare = await timed(() => startBareServer(fresh));
          figures.addReference(`start_up.${start}`, 'ms', bare);
        }
      }
      note('start_up: done');
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  },
};

async function timed(start: () => Promise<{ close(): Promise<void> }>): Promise<number> {
  const startMs = performance.now();
  const started = await start();
  const passedMs = performance.now() - startMs;
  await started.close();
  return passedMs;
}
