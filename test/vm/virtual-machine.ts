import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Network, TAP } from './network.js';

/** The line that guest/init writes first; some boots under emulation hang before it. */
const BOOT_DEADLINE_MS = 30_000;
const BOOT_TRIES = 3;

/** For a quick start without warnings about what an emulated machine lacks. A panic ends the machine (with -no-reboot). */
const KERNEL_ARGUMENTS =
  'console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable random.trust_cpu=on no_timer_check nokaslr ' +
  'cryptomgr.notests audit=0 selinux=0 apparmor=0 nowatchdog lpj=4000000';

export interface VirtualMachineOptions {
  /** From test/vm/Makefile: vmlinux, initramfs.cpio, lib/modules. */
  kernelFolder: string;
  /** Seen inside as /run/job, for reading and writing. The kernel's console goes to its file console.log. */
  jobFolder: string;
  /** Where the machine's network card is plugged in; without one it has none. */
  network?: Network;
  /** More for QEMU's command line: what a suite has outside the machine is connected to it this way. */
  moreArguments?: readonly string[] | undefined;
}

/** A running virtual machine: Debian's kernel on the host's files. */
export interface VirtualMachine {
  /** What is written to its second serial port, from the first line of guest/init on. */
  readonly output: Readable;
  /** What it reads from there. */
  readonly input: Writable;
  /** Resolves when it has powered off. */
  readonly ended: Promise<void>;
  kill(): void;
}

/** Emulated by QEMU, never KVM: the same everywhere, in containers too. Resolves when the kernel runs guest/init. */
export async function bootVirtualMachine(options: VirtualMachineOptions): Promise<VirtualMachine> {
  for (let attempt = 1; attempt <= BOOT_TRIES; attempt++) {
    const qemu = startQemu(options);
    process.once('exit', () => qemu.kill('SIGKILL'));
    if (await isAlive(qemu)) {
      const ended = hasEnded(qemu) ? Promise.resolve() : once(qemu, 'exit').then(() => {});
      return { output: qemu.stdout, input: qemu.stdin, ended, kill: () => qemu.kill('SIGKILL') };
    }
    qemu.kill('SIGKILL');
  }
  throw new Error(
    `no life in ${BOOT_TRIES} boots of ${BOOT_DEADLINE_MS / 1000} s at most; see ${options.jobFolder}/console.log`,
  );
}

function startQemu(options: VirtualMachineOptions) {
  const qemu = 'qemu-system-x86_64';
  const { network } = options;
  const card = [
    ...['-netdev', `tap,id=net,ifname=${TAP},script=no,downscript=no`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
  ];
  const own = qemuArguments(options);
  const [program, args] = network ? network.enter(qemu, [...own, ...card]) : [qemu, own];
  return spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

function hasEnded(qemu: ChildProcess): boolean {
  return qemu.exitCode !== null || qemu.signalCode !== null;
}

async function isAlive(qemu: ChildProcess & { stdout: Readable }): Promise<boolean> {
  const boot = new AbortController();
  const { signal } = boot;
  try {
    return await Promise.race([
      // The end of the output makes it readable too.
      once(qemu.stdout, 'readable', { signal }).then(() => qemu.stdout.readableLength > 0),
      once(qemu, 'exit', { signal }).then(() => false),
      delay(BOOT_DEADLINE_MS, false, { signal }),
    ]);
  } finally {
    boot.abort();
  }
}

function qemuArguments({
  kernelFolder,
  jobFolder,
  moreArguments = [],
}: VirtualMachineOptions): string[] {
  const share = (tag: string, path: string, options: string) => [
    ...['-fsdev', `local,id=${tag},path=${escapeComma(path)},security_model=none,${options}`],
    ...['-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
  ];
  return [
    ...[
      '-M',
      'pc',
      '-accel',
      'tcg,thread=multi,tb-size=512',
      '-cpu',
      'max',
      '-smp',
      '2',
      '-m',
      '2048',
    ],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none'],
    ...['-serial', `file:${jobFolder}/console.log`, '-serial', 'stdio'],
    ...['-kernel', `${kernelFolder}/vmlinux`, '-initrd', `${kernelFolder}/initramfs.cpio`],
    ...['-append', KERNEL_ARGUMENTS],
    ...share('root', '/', 'readonly=on,multidevs=remap'),
    ...share('modules', `${kernelFolder}/lib/modules`, 'readonly=on'),
    ...share('job', jobFolder, 'multidevs=remap'),
    ...moreArguments,
  ];
}

function escapeComma(path: string): string {
  return path.replaceAll(',', ',,');
}
