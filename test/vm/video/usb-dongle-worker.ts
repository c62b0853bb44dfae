// A USB capture dongle on the other end of a USB/IP connection (Documentation/usb/usbip_protocol.rst): a thread of its own, because
// the kernel waits for its answers while the test waits for the kernel.
import { createConnection } from 'node:net';
import { workerData } from 'node:worker_threads';
import {
  configurationOf,
  DEVICE,
  type DongleFormat,
  FRAME_SIZE,
  intervalOf,
  LANGUAGES,
  PAYLOAD_SIZE,
  stringDescriptor,
} from './uvc-descriptors.js';

export interface DongleWorkerOptions {
  port: number;
  name: string;
  formats: readonly DongleFormat[];
  /** What it sends, again and again, by the number of the format. */
  pictures: readonly (readonly Uint8Array[])[];
}

const { port, name, formats, pictures } = workerData as DongleWorkerOptions;

const HEADER_SIZE = 48;
const COMMAND = { submit: 1, unlink: 2 } as const;
const ANSWER = { submit: 3, unlink: 4 } as const;
const STATUS = { ok: 0, stall: -32, unlinked: -104 } as const;
const REQUEST = { getStatus: 0, getDescriptor: 6, setCurrent: 1 } as const;
const DESCRIPTOR = { device: 1, configuration: 2, string: 3 } as const;
/** To an interface, of the video class. */
const OF_CLASS = 0x21;

const socket = createConnection({ port, host: '127.0.0.1' });

/** What the host wants and gets: USB Video Class 1.0, clause 4.3.1.1. */
const streaming = Buffer.alloc(26);
streaming.writeUInt8(1, 2);
streaming.writeUInt8(1, 3);
streaming.writeUInt32LE(intervalOf(formats[0]?.rates[0] ?? 1), 4);

/** Transfers of the stream that wait for a picture, by their number. */
const waiting: { sequence: number; length: number }[] = [];
let frameId = 0;
let turn = 0;
let current: Uint8Array | null = null;
let sent = 0;

function answer(
  command: number,
  sequence: number,
  status: number,
  length = 0,
  data?: Uint8Array,
): void {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32BE(command, 0);
  header.writeUInt32BE(sequence, 4);
  header.writeInt32BE(status, 20);
  header.writeUInt32BE(length, 24);
  socket.write(data ? Buffer.concat([header, data]) : header);
}

function currentSettings(): Buffer {
  streaming.writeUInt32LE(FRAME_SIZE, 18);
  streaming.writeUInt32LE(PAYLOAD_SIZE, 22);
  return streaming;
}

function descriptorFor(value: number): Uint8Array | null {
  if (value >> 8 === DESCRIPTOR.device) return DEVICE;
  if (value >> 8 === DESCRIPTOR.configuration) return configurationOf(formats);
  if (value >> 8 !== DESCRIPTOR.string) return null;
  return (value & 0xff) === 0 ? LANGUAGES : stringDescriptor(name);
}

/** What the host reads; null for what the device does not know. */
function read(setup: Buffer): Uint8Array | null {
  const request = setup.readUInt8(1);
  if ((setup.readUInt8(0) & OF_CLASS) === OF_CLASS) return currentSettings();
  if (request === REQUEST.getDescriptor) return descriptorFor(setup.readUInt16LE(2));
  return request === REQUEST.getStatus ? Buffer.alloc(2) : null;
}

function control(sequence: number, setup: Buffer, written: Buffer): void {
  const length = setup.readUInt16LE(6);
  if (setup.readUInt8(0) < 0x80) {
    const settings = setup.readUInt8(0) === OF_CLASS && setup.readUInt8(1) === REQUEST.setCurrent;
    if (settings) written.copy(streaming);
    answer(ANSWER.submit, sequence, STATUS.ok, written.length);
    return;
  }
  const data = read(setup)?.subarray(0, length);
  answer(ANSWER.submit, sequence, data ? STATUS.ok : STATUS.stall, data?.length ?? 0, data);
}

/** Hands the picture over in payloads (clause 2.4.3.2), one for each transfer that waits. */
function feed(): void {
  while (current && waiting.length > 0) {
    const { sequence, length } = waiting.shift() as { sequence: number; length: number };
    const part = current.subarray(sent, sent + length - 2);
    sent += part.length;
    const isLast = sent === current.length;
    const payload = Buffer.concat([Buffer.from([2, 0x80 | frameId | (isLast ? 2 : 0)]), part]);
    answer(ANSWER.submit, sequence, STATUS.ok, payload.length, payload);
    if (!isLast) continue;
    frameId = 1 - frameId;
    current = null;
    // At the pace that the host has chosen, or slower where it is busy.
    setTimeout(nextPicture, streaming.readUInt32LE(4) / 10_000);
  }
}

function nextPicture(): void {
  const choice = pictures[streaming.readUInt8(2) - 1] ?? [];
  current = choice[turn++ % choice.length] ?? null;
  sent = 0;
  feed();
}

function unlink(sequence: number, wanted: number): void {
  const at = waiting.findIndex((one) => one.sequence === wanted);
  if (at >= 0) waiting.splice(at, 1);
  answer(ANSWER.unlink, sequence, at >= 0 ? STATUS.unlinked : STATUS.ok);
}

/** Takes the first command out of what has come; returns how long it was, 0 when it is not whole. */
function take(bytes: Buffer): number {
  if (bytes.length < HEADER_SIZE) return 0;
  const command = bytes.readUInt32BE(0);
  const sequence = bytes.readUInt32BE(4);
  if (command === COMMAND.unlink) {
    unlink(sequence, bytes.readUInt32BE(20));
    return HEADER_SIZE;
  }
  const isRead = bytes.readUInt32BE(12) === 1;
  const length = bytes.readUInt32BE(24);
  const end = HEADER_SIZE + (isRead ? 0 : length);
  if (bytes.length < end) return 0;
  if (bytes.readUInt32BE(16) === 0) {
    control(sequence, bytes.subarray(40, HEADER_SIZE), bytes.subarray(HEADER_SIZE, end));
  } else {
    waiting.push({ sequence, length });
    feed();
  }
  return end;
}

let received: Buffer = Buffer.alloc(0);
socket.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  for (let length = take(received); length > 0; length = take(received)) {
    received = received.subarray(length);
  }
});
nextPicture();
