import { BlockList, isIPv6, type Server, type Socket } from 'node:net';
import type { HttpLimits } from './http-limits.js';

/** Bounds the connections of all clients and of each address. Proxies, which speak for many, count only in the sum. */
export function limitConnections(
  server: Server,
  limits: HttpLimits,
  trustedProxies: readonly string[],
): void {
  server.maxConnections = limits.maxConnections;
  const proxies = new BlockList();
  for (const network of trustedProxies) {
    const [base = '', bits] = network.split('/');
    const family = isIPv6(base) ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(base, family);
    else proxies.addSubnet(base, Number(bits), family);
  }
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return;
    const count = open.get(address) ?? 0;
    if (count >= limits.maxConnectionsPerAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
