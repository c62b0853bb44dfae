import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.js';
import { certificateDirectory } from '../http/certificate-directory.js';
import type { Check, Finding } from './check.js';
import { BOARD_CHECKS } from './checks/board-checks.js';
import { BOOT_CHECKS } from './checks/boot-checks.js';
import { SERVICE_CHECKS } from './checks/service-checks.js';
import { USB_CHECKS } from './checks/usb-checks.js';
import { VIDEO_CHECKS } from './checks/video-checks.js';
import { Machine } from './machine.js';
import { nativeDevices } from './native-devices.js';

/** Every check, in the order in which one depends on what is before it. */
export const CHECKS: readonly Check[] = [
  ...BOARD_CHECKS,
  ...BOOT_CHECKS,
  ...VIDEO_CHECKS,
  ...USB_CHECKS,
  ...SERVICE_CHECKS,
];

/** The project's root as seen from dist/server/doctor: where certs/ is. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const LABELS = { pass: 'pass', fail: 'FAIL', note: 'note' } as const;

const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

/** Looks at this machine with the flags of the appliance; see {@link examine}. */
export function examineThisMachine(config: Config, print: (text: string) => void): Promise<number> {
  const machine = new Machine({
    config,
    devices: nativeDevices,
    user: userName(),
    nowMs: Date.now(),
    certDir: certificateDirectory(ROOT, config.stateDir),
  });
  return examine(machine, CHECKS, print);
}

/** Runs the checks one by one, prints a line for each as it is done, and resolves to the number that failed. */
export async function examine(
  machine: Machine,
  checks: readonly Check[],
  print: (text: string) => void,
): Promise<number> {
  const count = { pass: 0, fail: 0, note: 0 };
  for (const check of checks) {
    const finding = await check.run(machine);
    count[finding.verdict] += 1;
    print(line(check.name, finding));
  }
  print(
    `\n${checks.length} checks: ${count.pass} passed, ${count.fail} failed, ${count.note} notes.\n`,
  );
  return count.fail;
}

function line(name: string, { verdict, reason, advice }: Finding): string {
  const indent = ' '.repeat(LABELS[verdict].length + NAME_WIDTH + 4);
  const todo = advice === undefined ? '' : `${indent}→ ${advice}\n`;
  return `${LABELS[verdict]}  ${name.padEnd(NAME_WIDTH)}  ${reason}\n${todo}`;
}

/** A number without a name, as in a container, has no entry in the system's list. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'this user';
  }
}
