import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import { encodePictureAck, PictureAssembler } from '../../../server/protocol/picture-message.js';
import type { Carrier, CarrierOwner } from '../../../server/session/carrier.js';
import { SocketCarrier } from '../../../server/socket/socket-carrier.js';

let server: WebSocketServer;
let viewer: WebSocket;
let carrier: SocketCarrier;
let nowMs: number;
let keyframesAsked: number;
let heard: string[];
let closed: Promise<ErrorCode>;
/** Resolves at the next message that reached the owner. */
let onHeard: (() => void) | undefined;

beforeEach(async () => {
  nowMs = 0;
  keyframesAsked = 0;
  heard = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  viewer = new WebSocket(`ws://127.0.0.1:${port}`);
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  closed = new Promise((resolve) => {
    const say = (words: string) => {
      heard.push(words);
      onHeard?.();
    };
    const owner: CarrierOwner = {
      carrierOpened: (opened: Carrier) => say(`opened ${opened.kind}`),
      carrierMessage: (_carrier, message) => say(message.type),
      carrierBinary: (_carrier, bytes) => say(`binary ${bytes.length}`),
      carrierNeedsKeyframe: () => {
        keyframesAsked += 1;
        say('needs keyframe');
      },
      carrierClosed: (_carrier, reason) => resolve(reason),
    };
    carrier = new SocketCarrier(socket, owner, () => nowMs);
  });
  if (viewer.readyState !== WebSocket.OPEN) await once(viewer, 'open');
});

afterEach(() => {
  viewer.terminate();
  for (const client of server.clients) client.terminate();
  server.close();
});

/** Of a picture as {@link picture} makes them, with its header. */
const MESSAGE_BYTES = 68;

let number = 0;
function picture(keyframe: boolean): AccessUnit {
  number += 1;
  const data = Buffer.alloc(50, number);
  return { data, keyframe, timestampUs: number * 1e6, number, width: 1280, height: 720 };
}

async function received(): Promise<AccessUnit> {
  const [content] = (await once(viewer, 'message')) as [Buffer];
  return new PictureAssembler().add(content) as AccessUnit;
}

/** Sends to the appliance and waits until its owner has heard `words`. */
async function tell(content: string | Uint8Array, words: string): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    onHeard = () => {
      if (heard.includes(words)) resolve();
    };
  });
  viewer.send(content);
  await arrived;
}

test('a picture arrives whole, with its header', async () => {
  const sent = picture(true);
  const arriving = received();
  carrier.sendAccessUnit(sent);
  assert.deepEqual({ ...(await arriving) }, { ...sent, data: sent.data });
});

test('a stream begins with a keyframe', async () => {
  carrier.sendAccessUnit(picture(false));
  const keyframe = picture(true);
  const arriving = received();
  carrier.sendAccessUnit(keyframe);
  assert.equal((await arriving).number, keyframe.number);
});

test('beyond 150 ms of backlog pictures are dropped up to a keyframe that is asked for when the path is free', async () => {
  const first = picture(true);
  carrier.sendAccessUnit(first);
  nowMs = 151;
  carrier.sendAccessUnit(picture(false));
  nowMs = 400;
  // A keyframe that comes while the path is clogged would only clog it more.
  carrier.sendAccessUnit(picture(true));
  assert.equal(keyframesAsked, 0);
  await tell(encodePictureAck(MESSAGE_BYTES), 'needs keyframe');
  carrier.sendAccessUnit(picture(false));
  assert.equal(keyframesAsked, 1);
  const keyframe = picture(true);
  const numbers: number[] = [];
  viewer.on('message', (content: Buffer) =>
    numbers.push((new PictureAssembler().add(content) as AccessUnit).number),
  );
  const arriving = received();
  carrier.sendAccessUnit(keyframe);
  await arriving;
  assert.equal(numbers.at(-1), keyframe.number);
  assert.ok(numbers.every((seen) => seen === first.number || seen === keyframe.number));
});

test('a viewer that keeps up never loses a picture', async () => {
  const sent = [picture(true), picture(false), picture(false)];
  let arrivedBytes = 0;
  for (const unit of sent) {
    const arriving = received();
    carrier.sendAccessUnit(unit);
    assert.equal((await arriving).number, unit.number);
    nowMs += 1000;
    heard = [];
    arrivedBytes += MESSAGE_BYTES;
    viewer.send(encodePictureAck(arrivedBytes));
    await tell(new Uint8Array(9), 'binary 9');
  }
  assert.equal(keyframesAsked, 0);
});

test('a large picture goes out as far as acknowledgements allow; other messages pass it', async () => {
  const large = { ...picture(true), data: Buffer.alloc(40_000, 1) };
  const assembler = new PictureAssembler();
  const order: string[] = [];
  let receivedBytes = 0;
  const complete = new Promise<void>((resolve) => {
    viewer.on('message', (content: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        order.push('message');
        viewer.send(encodePictureAck(receivedBytes));
        return;
      }
      receivedBytes += content.length;
      if (assembler.add(content) === 'waiting') {
        if (order.length > 0) viewer.send(encodePictureAck(receivedBytes));
        return;
      }
      order.push('picture');
      resolve();
    });
  });
  carrier.sendAccessUnit(large);
  carrier.sendMessage({ type: 'control', inputEpoch: 3 });
  await complete;
  assert.deepEqual(order, ['message', 'picture']);
});

test('JSON and binary go to the owner', async () => {
  await tell('{"type":"take-control"}', 'take-control');
  await tell(new Uint8Array(12), 'binary 12');
});

for (const bad of ['no json', '{"type":"format-disk"}', '[]', 'null']) {
  test(`the message ${bad} ends the carrier with a word`, async () => {
    const said = once(viewer, 'message');
    viewer.send(bad);
    assert.equal(await closed, 'protocol-error');
    const [content] = (await said) as [Buffer];
    assert.deepEqual(JSON.parse(content.toString()), { type: 'end', error: 'protocol-error' });
  });
}

test('a viewer that leaves is noticed, and sending to it does nothing', async () => {
  viewer.close();
  await closed;
  carrier.sendAccessUnit(picture(true));
  carrier.sendMessage({ type: 'end', error: 'internal' });
  carrier.close('internal');
});
