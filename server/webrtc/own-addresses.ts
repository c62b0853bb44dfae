import { BlockList, isIP, isIPv6 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** More would only be more sockets per viewer. */
const MAX_ADDRESSES = 16;

/**
 * The addresses of this device that viewers are told. A rule is an interface's name, an address or a network; one with
 * "!" takes addresses away, and where there is any without, only what such rules name is told. The rules are those of
 * --ice-address. Loopback is told only when a rule names it; link-local addresses never are, browsers do not use them.
 */
export function ownAddresses(
  rules: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  const wanted = rules.filter((rule) => !rule.startsWith('!'));
  const unwanted = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const found: string[] = [];
  for (const [name, addresses] of Object.entries(interfaces)) {
    for (const { address, internal } of addresses ?? []) {
      if (/^(fe80:|169\.254\.)/i.test(address)) continue;
      const named = wanted.some((rule) => names(rule, name, address));
      if (!named && (internal || wanted.length > 0)) continue;
      if (unwanted.some((rule) => names(rule, name, address))) continue;
      found.push(address);
    }
  }
  return [...new Set(found)].slice(0, MAX_ADDRESSES);
}

function names(rule: string, interfaceName: string, address: string): boolean {
  const [base = '', bits] = rule.split('/');
  if (isIP(base) === 0) return rule === interfaceName;
  const list = new BlockList();
  const family = isIPv6(base) ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(base, family);
  else list.addSubnet(base, Number(bits), family);
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
