import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createTestFactory } from './connected-viewer.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer } from './rtc-viewer.js';
import { UdpWire } from './udp-wire.js';

/** Far less than the half minute for which werift would go on. */
const DEADLINE_MS = 12_000;
const isDtls = ([first = 0]: Buffer) => first >= 20 && first < 64;
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('werift pitfall: a handshake ends with its connection, not half a minute later', async (t) => {
  const factory = createTestFactory(t);
  const wire = await UdpWire.open();
  const viewer = new RtcViewer();
  t.after(() => {
    viewer.close();
    wire.close();
  });
  const idle = timers();
  let hellos = 0;
  wire.keep = (datagram) => {
    if (!isDtls(datagram)) return true;
    hellos += 1;
    viewer.changed.notify();
    return false;
  };
  wire.keepOfViewer = (datagram) => !isDtls(datagram);
  const offer = (await viewer.offer()).replace(/a=candidate:[^\r\n]*\r\n/g, '');
  const carrier = await factory.answer(offer, new RecordingOwner());
  viewer.accept(wire.route(carrier.answerSdp));
  await viewer.changed.until('the handshake is under way', () => hellos > 1);
  carrier.close('session-ended');
  const deadline = Date.now() + DEADLINE_MS;
  while (timers() > idle && Date.now() < deadline) await pause(50);
  assert.ok(timers() <= idle, `${timers()} timers are left, ${idle} were there before`);
});
