import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Under which names and addresses this machine is reached. */
export interface MachineNames {
  /** DNS names, lower case. */
  readonly names: readonly string[];
  /** Addresses of its interfaces and loopback, as the URL standard writes them (IPv6 without brackets). */
  readonly addresses: readonly string[];
}

/** `if_inet6` of the kernel (net/ipv6/addrconf.c): address, index, prefix length, scope, flags, device. */
const IFA_F_TEMPORARY = 0x01;

/** Reads the names and addresses that the machine has now. */
export function readMachineNames(): MachineNames {
  const full = hostname().toLowerCase();
  const first = full.split('.')[0] ?? full;
  const names = new Set([full, first, `${first}.local`, 'localhost'].filter(Boolean));
  const addresses = new Set(['127.0.0.1', '::1']);
  for (const list of Object.values(networkInterfaces())) {
    for (const { address } of list ?? []) addresses.add(normalAddress(address));
  }
  return { names: [...names], addresses: [...addresses] };
}

/**
 * The addresses worth naming in a certificate: without link-local IPv6, which browsers cannot use, and without
 * temporary IPv6 (RFC 8981), which changes each day and would cost users their trust in the certificate each day.
 */
export function lastingAddresses(
  addresses: readonly string[],
  interfaceTable = readInterfaceTable(),
): string[] {
  const temporary = temporaryAddresses(interfaceTable);
  return addresses.filter(
    (address) => !isIPv6(address) || !(/^fe[89ab]/.test(address) || temporary.has(address)),
  );
}

function readInterfaceTable(): string {
  try {
    return readFileSync('/proc/net/if_inet6', 'utf8');
  } catch {
    // A kernel without IPv6.
    return '';
  }
}

function temporaryAddresses(interfaceTable: string): Set<string> {
  const found = new Set<string>();
  for (const line of interfaceTable.split('\n')) {
    const [hex = '', , , , flags = ''] = line.trim().split(/\s+/);
    if (Number.parseInt(flags, 16) & IFA_F_TEMPORARY) {
      found.add(normalAddress(hex.match(/.{4}/g)?.join(':') ?? ''));
    }
  }
  return found;
}

/** One spelling for each address: IPv6 compressed and in lower case, without zone. */
export function normalAddress(address: string): string {
  const bare = address.split('%')[0] ?? '';
  return isIPv6(bare) ? new URL(`http://[${bare}]/`).hostname.slice(1, -1) : bare;
}
