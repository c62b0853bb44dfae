import { fileURLToPath } from 'node:url';
import { type Counts, closingLines, sumCounts } from './counts.js';
import { runSuite, suiteNames } from './suite.js';

// Runs the suites named as arguments, else all, each in a virtual machine of its own; see README.md. Ends with closing
// lines over all of them, like node's test runner, and with status 1 when a test failed.
const paths = {
  project: fileURLToPath(new URL('../../../', import.meta.url)),
  compiled: fileURLToPath(new URL('./', import.meta.url)),
};
const print = (line: string) => void process.stdout.write(`${line}\n`);

// No machine outlives this process: each is killed at its exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const known = suiteNames(paths);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No suite ${unknown.join(', ')}; there are ${known.join(', ')}.\n`);
  process.exit(2);
}
const all: Counts[] = [];
for (const name of wanted) {
  print(`\nsuite ${name}`);
  const startMs = performance.now();
  const counts = await runSuite(name, paths, print);
  all.push({ ...counts, duration_ms: Math.round(performance.now() - startMs) });
}
const total = sumCounts(all);
print(`\n${closingLines(total)}`);
process.exitCode = total.fail + total.cancelled > 0 ? 1 : 0;
