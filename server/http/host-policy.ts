import { type MachineNames, normalAddress, readMachineNames } from './machine-names.js';

/** Interfaces come and go with cables and DHCP; asking the kernel for each request would cost more than it is worth. */
const REREAD_AFTER_MS = 2000;

/** An address, as the URL standard writes them: a stranger may own the name 127.example.org. */
const LOOPBACK = /^127(\.\d+){3}$/;

/** What {@link HostPolicy} accepts beside the machine's own names. */
export interface HostPolicyOptions {
  readonly extraHosts: readonly string[];
  readonly publicUrl: string | null;
  /** For tests. */
  readonly readNames?: () => MachineNames;
  readonly clock?: () => number;
}

/**
 * Which Host and Origin headers are ours. A page of a stranger whose DNS name points here (DNS rebinding) sends its own
 * name as Host and is refused. The port is not compared: it proves nothing about the name, and tunnels change it.
 */
export class HostPolicy {
  readonly #fixed: ReadonlySet<string>;
  readonly #publicOrigin: string | null;
  readonly #readNames: () => MachineNames;
  readonly #clock: () => number;
  #machine: ReadonlySet<string> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor({ extraHosts, publicUrl, readNames, clock }: HostPolicyOptions) {
    const publicHost = publicUrl === null ? [] : [bareHost(new URL(publicUrl).hostname)];
    this.#fixed = new Set([...extraHosts.map(normalAddress), ...publicHost]);
    this.#publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;
    this.#readNames = readNames ?? readMachineNames;
    this.#clock = clock ?? (() => performance.now());
  }

  /** True for a Host header (name or address, maybe with a port) that names this appliance. */
  allowsHost(header: string | undefined): boolean {
    const host = parseAuthority(header)?.hostname;
    if (host === undefined) return false;
    const bare = bareHost(host);
    return this.#fixed.has(bare) || LOOPBACK.test(bare) || this.#machineHas(bare);
  }

  /** True for an Origin that is the page's own: https with the request's Host, or the public URL's. */
  allowsOrigin(origin: string, hostHeader: string | undefined): boolean {
    if (origin === this.#publicOrigin) return true;
    const own = parseAuthority(hostHeader)?.origin;
    return own !== undefined && this.allowsHost(hostHeader) && origin === own;
  }

  #machineHas(host: string): boolean {
    const now = this.#clock();
    if (now - this.#readAt > REREAD_AFTER_MS) {
      const { names, addresses } = this.#readNames();
      this.#machine = new Set([...names, ...addresses]);
      this.#readAt = now;
    }
    return this.#machine.has(host);
  }
}

function parseAuthority(header: string | undefined): URL | undefined {
  if (header === undefined || !/^[\w.:[\]-]+$/.test(header)) return undefined;
  const text = `https://${header}/`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** As names and addresses are kept: without brackets and without the root's dot. */
function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
