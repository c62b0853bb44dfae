import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingRequest } from './binding-request.js';
import { connectViewer, createTestFactory } from './connected-viewer.js';

/** Longer than anything else that the viewer sends here, so that its datagram is known. */
const MESSAGE_BYTES = 700;
const CHECK_ID = 77;

/** By its first byte (RFC 7983). */
const isStun = (datagram: Buffer) => (datagram[0] ?? 0) < 4;

/** An answer to the test's own check (RFC 8489 section 5). */
const isAnswer = (datagram: Buffer) =>
  isStun(datagram) && datagram.readUInt16BE(0) === 0x0101 && datagram[19] === CHECK_ID;

test('werift pitfall: only its nominated pair is heard; a viewer is heard from each address that it has checked', async (t) => {
  const { viewer, owner, wire, carrier } = await connectViewer(t, createTestFactory(t));
  const ufrag = /a=ice-ufrag:(\S+)/.exec(carrier.answerSdp)?.[1] ?? '';
  const pwd = /a=ice-pwd:(\S+)/.exec(carrier.answerSdp)?.[1] ?? '';
  await wire.moveViewer();
  const sent = new Promise<void>((resolve) => {
    wire.keepOfViewer = (datagram) => {
      if (datagram.length > MESSAGE_BYTES) resolve();
      // The test makes the only check from the new address.
      return !isStun(datagram);
    };
  });
  const heardAtAnswer = new Promise<number>((resolve) => {
    wire.keep = (datagram) => {
      if (isAnswer(datagram)) resolve(owner.binary.length);
      return !isStun(datagram);
    };
  });
  viewer.reliable?.sendMessageBinary(Buffer.alloc(MESSAGE_BYTES));
  await sent;
  // Behind the message on the same socket: whoever answers it has read the message before.
  wire.sendToAppliance(bindingRequest(CHECK_ID, ufrag, pwd));
  assert.equal(await heardAtAnswer, 0, 'an address that nobody has checked is a stranger');
  // The reliable lane sends the message again, and now the address is the viewer's.
  await owner.changed.until('the message', () => owner.binary.length > 0);
});
