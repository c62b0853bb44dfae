import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COUNTERS, type Counts, noCounts, readCounts } from './counts.js';
import { bootVirtualMachine } from './virtual-machine.js';

const SUITE_DEADLINE_MS = 600_000;

/** What the kernel's own checks write when they find something wrong. */
const COMPLAINT = /\b(BUG|WARNING|Oops|general protection fault|hung task)\b/;
/** The kernel's own: a gadget that is unplugged while the host of dummy_hcd still asks it something. */
const KNOWN = /\b(dummy_free_request|composite_setup_complete)\b/;

export interface SuitePaths {
  /** The checkout. */
  project: string;
  /** Where the compiled test/vm is. */
  compiled: string;
}

/** The suites: folders of test/vm with a prepare.sh. */
export function suiteNames({ project }: SuitePaths): string[] {
  return readdirSync(join(project, 'test/vm')).filter((name) =>
    existsSync(join(project, 'test/vm', name, 'prepare.sh')),
  );
}

/**
 * Runs a suite in a virtual machine of its own and gives every line of its output to `print` as it comes. What it leaves
 * behind is in test/vm/build/job-NAME. The kernel's log is one more test, and so is a machine that dies or does not end.
 */
export async function runSuite(
  name: string,
  paths: SuitePaths,
  print: (line: string) => void,
): Promise<Counts> {
  const vm = join(paths.project, 'test/vm');
  const jobFolder = join(vm, 'build', `job-${name}`);
  rmSync(jobFolder, { recursive: true, force: true });
  mkdirSync(jobFolder, { recursive: true });
  copyFileSync(join(vm, 'guest/start'), join(jobFolder, 'start'));
  writeFileSync(join(jobFolder, 'environment'), environment(name, paths));
  const problem = await runJob({ kernelFolder: join(vm, 'build/current'), jobFolder }, print);
  if (problem) {
    print(`✖ suite ${name}: ${problem}; see ${jobFolder}`);
    return { ...noCounts(), tests: 1, fail: 1 };
  }
  const counts = readCounts(join(jobFolder, 'results.tap'));
  const complaints = readFileSync(join(jobFolder, 'kernel.log'), 'utf8')
    .split('\n')
    .filter((line) => COMPLAINT.test(line) && !KNOWN.test(line));
  const passed = complaints.length === 0;
  print([`${passed ? '✔' : '✖'} the kernel has no complaint in its log`, ...complaints].join('\n'));
  counts.tests++;
  counts[passed ? 'pass' : 'fail']++;
  return counts;
}

function environment(name: string, { project, compiled }: SuitePaths): string {
  const tests = readdirSync(join(compiled, name))
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .map((file) => join(compiled, name, file));
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return `PROJECT=${quote(project)}
SUITE=${quote(name)}
TESTS=(${tests.map(quote).join(' ')})
`;
}

/** Returns what went wrong apart from failed tests. */
async function runJob(
  folders: { kernelFolder: string; jobFolder: string },
  print: (line: string) => void,
): Promise<string | null> {
  const machine = await bootVirtualMachine(folders);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    machine.kill();
  }, SUITE_DEADLINE_MS);
  for await (const line of createInterface({ input: machine.output })) {
    // The runner's closing lines are summed up over all suites instead.
    if (!COUNTERS.some((counter) => line.startsWith(`ℹ ${counter} `))) print(line);
  }
  await machine.ended;
  clearTimeout(deadline);
  if (late) return `not over within ${SUITE_DEADLINE_MS / 60_000} minutes`;
  const statusFile = join(folders.jobFolder, 'status');
  if (!existsSync(statusFile)) return 'the virtual machine died';
  // Without results the runner was not reached.
  if (existsSync(join(folders.jobFolder, 'results.tap'))) return null;
  return `prepare.sh failed with status ${readFileSync(statusFile, 'utf8').trim()}`;
}
