import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BenchOptions, readBenchOptions, USAGE } from './bench-options.js';
import { Figures } from './figures.js';
import { machineFacts } from './machine-facts.js';
import { echoRoundTrip } from './measure/echo-round-trip.js';
import { firstPicture } from './measure/first-picture.js';
import { glassToGlass } from './measure/glass-to-glass.js';
import { idleCost } from './measure/idle-cost.js';
import { inputToPhoton } from './measure/input-to-photon.js';
import { kernelPaths } from './measure/kernel-paths.js';
import { lossyLine } from './measure/lossy-line.js';
import type { Measurement } from './measure/measurement.js';
import { RUNG_MEASUREMENTS } from './measure/rungs.js';
import { senderCost } from './measure/sender-cost.js';
import { startUp } from './measure/start-up.js';
import { stillScreen } from './measure/still-screen.js';
import { streamingCost } from './measure/streaming-cost.js';
import { thinLine } from './measure/thin-line.js';
import { markdownTable, terminalTable, writeIntoDocument } from './report-table.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RESULTS = 'bench/results.json';
const DOCUMENT = 'docs/performance.md';
/** Whatever hangs, the benchmark ends. */
const DEADLINE_MINUTES = { full: 25, quick: 8 };

const MEASUREMENTS: readonly Measurement[] = [
  glassToGlass,
  inputToPhoton,
  echoRoundTrip,
  firstPicture,
  startUp,
  streamingCost,
  senderCost,
  idleCost,
  ...RUNG_MEASUREMENTS,
  lossyLine,
  thinLine,
  stillScreen,
  kernelPaths,
];

/** Measures what was asked for and writes bench/results.json; a full run also writes the table of the document. */
async function bench(options: BenchOptions): Promise<void> {
  const figures = new Figures();
  const startedMs = performance.now();
  let peakLoad = 0;
  const note = (line: string) => {
    peakLoad = Math.max(peakLoad, machineFacts().load);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`);
  };
  const failures: string[] = [];
  for (const measurement of chosen(options)) {
    note(measurement.name);
    try {
      await measurement.measure({ options, figures, note });
    } catch (error) {
      failures.push(measurement.name);
      process.stderr.write(`${measurement.name} failed: ${String((error as Error).stack)}\n`);
    }
  }
  const { byName } = figures;
  await mkdir(`${ROOT}bench`, { recursive: true });
  await writeFile(`${ROOT}${RESULTS}`, `${JSON.stringify(Object.fromEntries(byName), null, 2)}\n`);
  process.stdout.write(terminalTable(byName));
  const full = !options.quick && options.only.length === 0 && failures.length === 0;
  if (full) {
    await writeIntoDocument(`${ROOT}${DOCUMENT}`, markdownTable(byName, machineFacts(), peakLoad));
  }
  process.stdout.write(`\nWritten: ${RESULTS}${full ? ` and ${DOCUMENT}` : ''}\n`);
  if (failures.length > 0) throw new Error(`could not be measured: ${failures.join(', ')}`);
}

function chosen({ only }: BenchOptions): readonly Measurement[] {
  if (only.length === 0) return MEASUREMENTS;
  const found = MEASUREMENTS.filter(({ name }) => only.some((part) => name.includes(part)));
  if (found.length > 0) return found;
  throw new Error(`--only: there are ${MEASUREMENTS.map(({ name }) => name).join(', ')}`);
}

try {
  const options = readBenchOptions(process.argv.slice(2));
  const minutes = options.quick ? DEADLINE_MINUTES.quick : DEADLINE_MINUTES.full;
  setTimeout(() => {
    process.stderr.write(`bench: not done after ${minutes} minutes\n`);
    process.exit(1);
  }, minutes * 60_000).unref();
  await bench(options);
  process.exit(0);
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n${USAGE}`);
  process.exit(1);
}
