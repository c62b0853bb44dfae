import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Both ends of the one wire: this computer, and the virtual machine. */
export const ADDRESSES = { outside: '10.77.0.1', inside: '10.77.0.2' } as const;

/** The device that QEMU plugs the virtual machine into. */
export const TAP = 'tap0';

/** The route, which leads nowhere, is for browsers: without one they take it that there is no network. */
const SCRIPT = `set -e
tunctl -t ${TAP} >/dev/null
ip link set lo up
ip addr add ${ADDRESSES.outside}/24 dev ${TAP}
ip link set ${TAP} up
ip route add default dev ${TAP}
echo ready
exec cat`;

/**
 * A network of its own (namespace), with nothing on it but a virtual machine and the programs that are started in it.
 * It is gone when it is closed, or with this process.
 */
export class Network {
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
  }

  /** Throws with what to do where the kernel does not let us make one. */
  static async open(): Promise<Network> {
    const args = ['--net', ...(isRoot() ? [] : ['--map-root-user']), 'busybox', 'sh', '-c', SCRIPT];
    // Lives as long as its input is open.
    const keeper = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ready = await Promise.race([
      once(keeper.stdout, 'data').then(() => true),
      once(keeper, 'exit').then(() => false),
    ]);
    if (!ready) {
      throw new Error(
        'no network can be made for the virtual machine: run this as root, or where user namespaces and /dev/net/tun are allowed',
      );
    }
    return new Network(keeper);
  }

  /** The command line that runs a program in this network. */
  enter(program: string, args: readonly string[]): [string, string[]] {
    const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', [`--target=${this.#keeper.pid}`, '--net', ...user, program, ...args]];
  }

  close(): void {
    this.#keeper.stdin?.end();
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
