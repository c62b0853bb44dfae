import { execFileSync } from 'node:child_process';
import { NetworkNamespace } from './namespace.js';

/** Who is where. This process, and with it the appliance, is at home; the viewer is at the office. */
export const ADDRESSES = {
  appliance: '192.168.1.2',
  /** Where the appliance's network meets the internet. */
  home: '203.0.113.1',
  /** Where the viewer's network meets it. */
  office: '203.0.113.2',
  /** A server on the internet, for TURN and a reverse proxy. */
  host: '203.0.113.10',
  viewer: '10.0.0.2',
} as const;

/** Ports that the home's router passes on to the appliance. */
export const FORWARDED = { tcp: 8443, udp: { first: 50_000, last: 50_099 } } as const;

/** What the router between a network and the internet lets through. */
export type Firewall = 'open' | 'no-udp' | 'web-only' | 'page-only' | 'closed';

const RULES: Record<Firewall, string> = {
  open: '',
  'no-udp': 'meta l4proto udp drop',
  'web-only': 'tcp dport { 443, 8443 } accept; tcp sport { 443, 8443 } accept; drop',
  'page-only': 'tcp dport 8443 accept; tcp sport 8443 accept; drop',
  closed: 'drop',
};

/**
 * A small internet of network namespaces: two networks behind routers with address translation, and a server.
 *
 *     appliance ── home ──┐                ┌── office ── viewer
 *      (this process)     └── a switch ────┘
 *                                └── host
 *
 * The process must be alone in its network namespace and its root (see run-net-tests). Everything is gone when it is
 * closed, or with this process. Interfaces are called eth0 because werift ignores those with names of virtual ones.
 */
export class Internet {
  readonly home: NetworkNamespace;
  readonly office: NetworkNamespace;
  readonly host: NetworkNamespace;
  readonly viewer: NetworkNamespace;
  readonly #middle: NetworkNamespace;

  private constructor(all: readonly NetworkNamespace[]) {
    [this.#middle, this.home, this.office, this.host, this.viewer] = all as [
      NetworkNamespace,
      NetworkNamespace,
      NetworkNamespace,
      NetworkNamespace,
      NetworkNamespace,
    ];
  }

  static async open(): Promise<Internet> {
    const opened = await Promise.all(Array.from({ length: 5 }, () => NetworkNamespace.open()));
    const internet = new Internet(opened);
    try {
      await internet.#connect();
    } catch (error) {
      internet.close();
      throw error;
    }
    return internet;
  }

  /** From now on, for new and for existing connections; what it does not let through vanishes without a word. */
  async setFirewall(router: 'home' | 'office', firewall: Firewall): Promise<void> {
    const chain = 'inet filter forward';
    const rules = RULES[firewall].split('; ').filter((rule) => rule !== '');
    await this[router].run(
      [`nft flush chain ${chain}`, ...rules.map((rule) => `nft add rule ${chain} '${rule}'`)].join(
        '\n',
      ),
    );
  }

  /** The home's router passes the ports of WebRTC on for TCP too. */
  async forwardMediaTcp(): Promise<void> {
    const { first, last } = FORWARDED.udp;
    const { appliance } = ADDRESSES;
    await this.home.run(
      `nft add rule ip nat in iifname wan tcp dport ${first}-${last} dnat to ${appliance}`,
    );
  }

  /** As when a laptop moves to another network: the old address is gone at once, with the connections on it. */
  async changeViewerAddress(address: string): Promise<void> {
    await this.viewer.run(`ip addr flush dev eth0
      ip addr add ${address}/24 dev eth0
      ip route add default via 10.0.0.1`);
  }

  close(): void {
    for (const one of [this.#middle, this.home, this.office, this.host, this.viewer]) one.close();
    removeCable();
  }

  async #connect(): Promise<void> {
    removeCable();
    const { pid: middle } = this.#middle;
    wire(process.pid, 'eth0', this.home.pid, 'lan');
    wire(this.viewer.pid, 'eth0', this.office.pid, 'lan');
    wire(this.home.pid, 'wan', middle, 'home');
    wire(this.office.pid, 'wan', middle, 'office');
    wire(this.host.pid, 'eth0', middle, 'host');
    await this.#middle.run(`ip link add switch type bridge
      ip link set switch up
      for port in home office host; do ip link set $port master switch up; done`);
    const { tcp, udp } = FORWARDED;
    const { appliance, home, office, host, viewer } = ADDRESSES;
    await this.home.run(
      router('192.168.1.1', home, [
        `iifname "wan" tcp dport ${tcp} dnat to ${appliance}`,
        `iifname "wan" udp dport ${udp.first}-${udp.last} dnat to ${appliance}`,
      ]),
    );
    await this.office.run(router('10.0.0.1', office, []));
    await this.host.run(`ip addr add ${host}/24 dev eth0\nip link set eth0 up`);
    await this.viewer.run(computer(viewer, '10.0.0.1'));
    execFileSync('sh', [
      '-ec',
      `ip link set lo up\n${computer(ADDRESSES.appliance, '192.168.1.1')}`,
    ]);
  }
}

function computer(address: string, gateway: string): string {
  return `ip addr add ${address}/24 dev eth0
    ip link set eth0 up
    ip route add default via ${gateway}`;
}

function router(inside: string, outside: string, forwards: readonly string[]): string {
  return `echo 1 >/proc/sys/net/ipv4/ip_forward
    ip addr add ${inside}/24 dev lan
    ip addr add ${outside}/24 dev wan
    ip link set lan up
    ip link set wan up
    nft -f - <<'RULES'
      table ip nat {
        chain in {
          type nat hook prerouting priority dstnat;
          ${forwards.join('\n')}
        }
        chain out {
          type nat hook postrouting priority srcnat;
          oifname "wan" masquerade
        }
      }
      table inet filter {
        chain forward {
          type filter hook forward priority filter;
        }
      }
RULES`;
}

/** A cable between two networks, given by processes in them. */
function wire(pid: number, name: string, otherPid: number, otherName: string): void {
  const end = (of: number, called: string) => ['name', called, 'netns', String(of)];
  const args = [...end(pid, name), 'type', 'veth', 'peer', ...end(otherPid, otherName)];
  execFileSync('ip', ['link', 'add', ...args]);
}

/** Also that of a test file which was killed: its other end goes only when the kernel gets round to it. */
function removeCable(): void {
  execFileSync('sh', ['-c', 'if ip link show eth0 >/dev/null 2>&1; then ip link del eth0; fi']);
}
