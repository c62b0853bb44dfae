import { readdirSync, readFileSync } from 'node:fs';

const PORTS = '/sys/class/virtio-ports';

/** The device node of a port by the name that outside.ts gave it. One opener at a time. */
export function virtioPort(name: string): string {
  const found = readdirSync(PORTS).find(
    (port) => readFileSync(`${PORTS}/${port}/name`, 'utf8').trim() === name,
  );
  if (!found) throw new Error(`no virtio port ${name}`);
  return `/dev/${found}`;
}
