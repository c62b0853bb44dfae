import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../e2e/until.js';
import type { OutsidePlaces, StartOutside } from '../suite-outside.js';

const OVMF = '/usr/share/OVMF';

/** What each machine has beside what all of them have; files are named from the job's folder. */
const MACHINES = {
  bios: ({ built }: OutsidePlaces) => [
    ...['-M', 'pc', '-m', '64'],
    // It waits as long for the key that opens its menu, and boots at once when the menu is answered.
    ...['-boot', 'menu=on,splash-time=60000'],
    ...['a', 'b'].flatMap((disk) => [
      '-drive',
      `file=${built}/boot-disk-${disk},format=raw,if=virtio,readonly=on`,
    ]),
  ],
  uefi: () => [
    // A machine that is switched off stays, so that it can be asked.
    ...['-M', 'q35', '-m', '256', '-no-shutdown'],
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${OVMF}/OVMF_CODE_4M.fd`],
    ...['-drive', 'if=pflash,format=raw,file=uefi-variables'],
    ...['-serial', 'file:uefi-serial.log'],
  ],
} as const;

/**
 * Two computers with nothing but firmware, switched on by the tests. Each is reached from the suite's machine by two virtio
 * ports: NAME-usb carries what is plugged into its USB port (the usbredir protocol), NAME-control is QEMU's control (QMP).
 */
export const startOutside: StartOutside = async (places) => {
  // In a folder of its own: the path of a socket may not be longer than 107 characters.
  const sockets = mkdtempSync(join(tmpdir(), 'mykvm-firmware-'));
  const machines: ChildProcess[] = [];
  const close = async () => {
    for (const machine of machines) {
      const ended = machine.exitCode ?? machine.signalCode ?? once(machine, 'exit');
      machine.kill('SIGKILL');
      await ended;
    }
    rmSync(sockets, { recursive: true, force: true });
  };
  process.once('exit', () => {
    for (const machine of machines) machine.kill('SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
  });
  copyFileSync(join(OVMF, 'OVMF_VARS_4M.fd'), join(places.jobFolder, 'uefi-variables'));
  const ports = Object.keys(MACHINES).flatMap((name) => [`${name}-usb`, `${name}-control`]);
  for (const [name, special] of Object.entries(MACHINES)) {
    const args = [...machineArguments(name, sockets), ...special(places)];
    machines.push(
      spawn('qemu-system-x86_64', args, {
        cwd: places.jobFolder,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
  }
  try {
    await until('the firmware machines to listen', () => {
      if (machines.some((machine) => machine.exitCode !== null)) throw new Error('QEMU has ended');
      return ports.every((port) => existsSync(join(sockets, port)));
    });
  } catch (error) {
    await close();
    throw error;
  }
  const moreArguments = [
    ...['-device', 'virtio-serial-pci'],
    ...ports.flatMap((port) => [
      ...['-chardev', `socket,id=${port},path=${sockets}/${port}`],
      ...['-device', `virtserialport,chardev=${port},name=${port}`],
    ]),
  ];
  return { moreArguments, close };
};

function machineArguments(name: string, sockets: string): string[] {
  const socket = (end: string) =>
    `socket,id=${end},path=${sockets}/${name}-${end},server=on,wait=off`;
  return [
    ...['-nodefaults', '-no-user-config', '-accel', 'tcg', '-display', 'none', '-device', 'VGA'],
    // Switched off until the tests say `cont`.
    '-S',
    ...['-chardev', socket('control'), '-mon', 'chardev=control,mode=control'],
    ...['-chardev', socket('usb'), '-device', 'qemu-xhci'],
    ...['-device', 'usb-redir,chardev=usb,id=keyboard'],
  ];
}
