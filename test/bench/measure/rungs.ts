import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RungFigure } from '../rig/rung-messages.js';
import { RUNGS } from '../rig/rungs.js';
import type { Measurement, MeasurementContext } from './measurement.js';

/** The sources, seen from the compiled file. */
const OWN_NETWORK = fileURLToPath(new URL('../../../../test/net/in-own-network', import.meta.url));
const PROCESS = fileURLToPath(new URL('../rig/rung-process.js', import.meta.url));
const MOST_RUNS = 2;

/**
 * Each way that pictures can take, over the small internet of test/net with nothing else left open: the first picture of a loaded
 * page, glass to glass while a window moves, and how long an echo of the input lane takes there and back meanwhile.
 */
export const RUNG_MEASUREMENTS: readonly Measurement[] = RUNGS.map(({ name }) => ({
  name: `rung.${name}`,
  measure: (context) => measureRung(name, context),
}));

async function measureRung(rung: string, { options, figures, note }: MeasurementContext) {
  const runs = String(Math.min(options.runs, MOST_RUNS));
  const args = [process.execPath, PROCESS, rung, runs, String(options.seconds)];
  const child = spawn(OWN_NETWORK, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const { figure, value } = JSON.parse(line) as RungFigure;
    figures.add(`rung.${rung}.${figure}`, 'ms', value);
    if (/first|p50/.test(figure)) note(`rung.${rung}.${figure}: ${value.toFixed(1)} ms`);
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`the process that measures ${rung} ended with ${code}`);
}
