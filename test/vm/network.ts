import { NetworkNamespace } from '../net/namespace.js';

/** Both ends of the one wire: this computer, and the virtual machine. */
export const ADDRESSES = { outside: '10.77.0.1', inside: '10.77.0.2' } as const;

/** The device that QEMU plugs the virtual machine into. */
export const TAP = 'tap0';

/** The route, which leads nowhere, is for browsers: without one they take it that there is no network. */
const SET_UP = `busybox tunctl -t ${TAP} >/dev/null
ip addr add ${ADDRESSES.outside}/24 dev ${TAP}
ip link set ${TAP} up
ip route add default dev ${TAP}`;

/** A network with nothing on it but a virtual machine and the programs that are started in it. */
export class Network {
  readonly #namespace: NetworkNamespace;

  private constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace;
  }

  /** Throws with what to do where the kernel does not let us make one. */
  static async open(): Promise<Network> {
    return new Network(await NetworkNamespace.open(SET_UP));
  }

  /** The command line that runs a program in this network. */
  enter(program: string, args: readonly string[]): [string, string[]] {
    return this.#namespace.enter(program, args);
  }

  close(): void {
    this.#namespace.close();
  }
}
