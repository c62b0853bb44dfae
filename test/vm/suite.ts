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
import { type Counts, isCounter, noCounts, readCounts } from './counts.js';
import { ADDRESSES, Network } from './network.js';
import { OutsideTests } from './outside-tests.js';
import type { StartOutside, SuiteOutside } from './suite-outside.js';
import { bootVirtualMachine, type VirtualMachineOptions } from './virtual-machine.js';

/** Three times what the longest suite takes on a quiet machine of two cores. */
const SUITE_DEADLINE_MS = 1_200_000;

/** What a program inside writes when the tests outside may begin. */
const READY = 'ready';

/** What the kernel's own checks write when they find something wrong. */
const COMPLAINT = /\b(BUG|WARNING|Oops|general protection fault|hung task)\b/;
/** Those of dummy_hcd, when a gadget is unbound while the host asks it something; README.md tells why. */
const KNOWN =
  /\bat \S*(dummy_hcd\.c:\d+ dummy_free_request|composite\.c:\d+ composite_setup_complete)\+/;

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
  const outside = await startOutside(name, paths, jobFolder);
  const machine = {
    kernelFolder: join(vm, 'build/current'),
    jobFolder,
    moreArguments: outside?.moreArguments ?? [],
  };
  const running = insideProgram(name, paths)
    ? runWithTestsOutside(machine, testsOf(name, paths), print)
    : runJob(machine, print);
  const problem = await running.finally(() => outside?.close());
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

/** What the suite has outside the machine, in its outside.ts; null for most. */
async function startOutside(
  name: string,
  { project, compiled }: SuitePaths,
  jobFolder: string,
): Promise<SuiteOutside | null> {
  const file = join(compiled, name, 'outside.js');
  if (!existsSync(file)) return null;
  const module = (await import(file)) as { startOutside: StartOutside };
  return module.startOutside({ jobFolder, built: join(project, 'test/vm/build') });
}

/** The program of a suite whose tests run outside; null where they run inside. */
function insideProgram(name: string, { compiled }: SuitePaths): string | null {
  const program = join(compiled, name, 'inside.js');
  return existsSync(program) ? program : null;
}

function testsOf(name: string, { compiled }: SuitePaths): string[] {
  return readdirSync(join(compiled, name))
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .map((file) => join(compiled, name, file));
}

function environment(name: string, paths: SuitePaths): string {
  const inside = insideProgram(name, paths);
  const tests = inside ? [] : testsOf(name, paths);
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return `PROJECT=${quote(paths.project)}
SUITE=${quote(name)}
TESTS=(${tests.map(quote).join(' ')})
INSIDE=${quote(inside ?? '')}
ADDRESS=${ADDRESSES.inside}
`;
}

async function runWithTestsOutside(
  options: VirtualMachineOptions,
  files: readonly string[],
  print: (line: string) => void,
): Promise<string | null> {
  const network = await Network.open();
  const tests = new OutsideTests(files, network, options.jobFolder, print);
  try {
    return await runJob({ ...options, network }, print, tests);
  } finally {
    tests.kill();
    network.close();
  }
}

/** Returns what went wrong apart from failed tests. */
async function runJob(
  options: VirtualMachineOptions,
  print: (line: string) => void,
  outsideTests?: OutsideTests,
): Promise<string | null> {
  const machine = await bootVirtualMachine(options);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    machine.kill();
  }, SUITE_DEADLINE_MS);
  for await (const line of createInterface({ input: machine.output })) {
    if (outsideTests && line === READY) {
      // The program inside ends when it is told that the tests are over, and the machine with it.
      void outsideTests.run().then(() => machine.input.write('over\n'));
    } else if (!isCounter(line)) print(line);
  }
  await machine.ended;
  clearTimeout(deadline);
  if (late) return `not over within ${SUITE_DEADLINE_MS / 60_000} minutes`;
  const statusFile = join(options.jobFolder, 'status');
  if (!existsSync(statusFile)) return 'the virtual machine died';
  const status = readFileSync(statusFile, 'utf8').trim();
  if (outsideTests && status !== '0') return `inside.ts or prepare.sh failed with status ${status}`;
  // Without results the runner was not reached.
  if (existsSync(join(options.jobFolder, 'results.tap'))) return null;
  return `prepare.sh failed with status ${status}`;
}
