import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as passed } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { DongleWorkerOptions } from './usb-dongle-worker.js';
import type { DongleFormat } from './uvc-descriptors.js';

const NAME = 'Test dongle';
const CLASS = '/sys/class/video4linux';
const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';
const PORT = 0;
/** USB_SPEED_HIGH of linux/usb/ch9.h. */
const HIGH_SPEED = 3;
const DEADLINE_MS = 60_000;

/** What a dongle offers in one format, and sends in it, again and again. */
export interface DongleStream extends DongleFormat {
  pictures: readonly Uint8Array[];
}

/** An attribute of a node; empty when the node is gone meanwhile. */
function attribute(node: string, file: string): string {
  try {
    return readFileSync(`${CLASS}/${node}/${file}`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The first node: the second one of a video device is for metadata. */
function captureNode(): string | null {
  const node = readdirSync(CLASS).find(
    (name) => attribute(name, 'name').startsWith(NAME) && attribute(name, 'index') === '0',
  );
  return node === undefined ? null : `/dev/${node}`;
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!condition()) {
    assert.ok(performance.now() < endMs, `not within 60 s: ${what}`);
    await passed(50);
  }
}

export interface Dongle {
  /** Its node. */
  path: string;
  /** Idempotent. */
  unplug(): Promise<void>;
}

/**
 * Plugs a USB video dongle into the kernel's virtual host controller, to be driven by the kernel's uvcvideo as a bought one is.
 * It is unplugged when the test ends, if it still is there.
 */
export async function plugDongle(
  t: TestContext,
  streams: readonly DongleStream[],
): Promise<Dongle> {
  // The kernel takes one end of a connection over: that one is never read here.
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const options: DongleWorkerOptions = {
    port: (server.address() as AddressInfo).port,
    name: NAME,
    formats: streams.map(({ fourcc, rates }) => ({ fourcc, rates })),
    pictures: streams.map(({ pictures }) => pictures),
  };
  const worker = new Worker(new URL('usb-dongle-worker.js', import.meta.url), {
    workerData: options,
  });
  const [socket] = (await accepted) as [Socket];
  // They do not keep the process of a failed test alive.
  for (const one of [worker, server, socket]) one.unref();
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  writeFileSync(`${CONTROLLER}/attach`, `${PORT} ${fd} 1 ${HIGH_SPEED}`);
  let plugged = true;
  const unplug = async () => {
    if (!plugged) return;
    plugged = false;
    writeFileSync(`${CONTROLLER}/detach`, `${PORT}`);
    await until('the dongle is gone', () => captureNode() === null);
    socket.destroy();
    server.close();
    await worker.terminate();
  };
  t.after(unplug);
  await until('the dongle is there', () => existsSync(captureNode() ?? ''));
  return { path: captureNode() as string, unplug };
}
