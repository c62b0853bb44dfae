import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '../rig/child.js';
import { Program } from '../rig/program.js';
import { Receivers } from '../rig/receivers.js';
import type { Measurement } from './measurement.js';

/**
 * The pipeline goes on for 5 s after the last viewer, its session for 30 s; then V8 collects what they left, once. What
 * follows is how the program spends its days.
 */
const AFTER_VIEWER_MS = { full: 40_000, quick: 8000 };
const SECONDS = { full: 30, quick: 8 };

/**
 * CPU of the installed program with the simulated target after its only viewer has left, in percent of a core. The
 * reference is a bare fastify HTTPS server in the same seconds.
 */
export const idleCost: Measurement = {
  name: 'idle',
  measure: async ({ options, figures, note }) => {
    const stateDir = await mkdtemp(join(tmpdir(), 'mykvm-bench-'));
    const program = await Program.start(stateDir);
    const receivers = new Receivers();
    let bare: Child | undefined;
    try {
      await receivers.signIn({ url: program.url, claimCode: await program.claimCode });
      await receivers.join();
      await receivers.leave();
      bare = await startBareServer(stateDir);
      note('idle: the viewer has left');
      await pause(options.quick ? AFTER_VIEWER_MS.quick : AFTER_VIEWER_MS.full);
      const children = [program.child, bare];
      const before = await Promise.all(children.map((child) => child.cpuSeconds()));
      const seconds = options.quick ? SECONDS.quick : SECONDS.full;
      await pause(seconds * 1000);
      const after = await Promise.all(children.map((child) => child.cpuSeconds()));
      const [own = 0, reference = 0] = after.map(
        (cpu, index) => ((cpu - (before[index] ?? 0)) / seconds) * 100,
      );
      figures.add('idle.cpu', '% of a core', own);
      figures.addReference('idle.cpu', '% of a core', reference);
      const { rss, pss } = await program.child.memoryMb();
      figures.add('idle.memory.rss', 'MB', rss);
      figures.add('idle.memory.pss', 'MB', pss);
      figures.addReference('idle.memory.rss', 'MB', (await bare.memoryMb()).rss);
    } finally {
      await bare?.close();
      await receivers.close();
      await program.close();
      await rm(stateDir, { recursive: true, force: true });
    }
  },
};

/** A fastify HTTPS server and nothing else; resolves when it listens. */
export async function startBareServer(stateDir: string): Promise<Child> {
  const bare = Child.run('bare-server-process.js', [stateDir]);
  await bare.line('stdout', /ready/);
  return bare;
}
