import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { PeerFactory } from '../../../server/webrtc/peer-factory.js';
import { createTestFactory } from './connected-viewer.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer } from './rtc-viewer.js';

/** Takes about 40 s; MYKVM_CONNECTS makes it shorter or longer. */
const CONNECTS = Number(process.env['MYKVM_CONNECTS'] ?? 200);
const LOCAL =
  'a=candidate:9 1 UDP 2122252543 0b2c9a4e-9d1f-4b8e-8d3a-3f1c5f1a2b3c.local 51234 typ host\r\n';

/** One viewer comes, is served and leaves; sometimes it closes, sometimes the appliance does. */
async function visit(factory: PeerFactory, round: number): Promise<void> {
  const viewer = new RtcViewer();
  const owner = new RecordingOwner();
  const offer = (await viewer.offer()).replace('a=candidate:', `${LOCAL}a=candidate:`);
  const carrier = await factory.answer(offer, owner);
  viewer.accept(carrier.answerSdp);
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
  if (round % 2 === 0) carrier.close('session-ended');
  viewer.close();
  await owner.changed.until('the carrier is closed', () => owner.closed.length === 1);
}

function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test(`descriptors, sockets and timers are flat after ${CONNECTS} viewers`, async (t: TestContext) => {
  const factory = createTestFactory(t);
  const settled = async () => {
    while (factory.peerCount > 0) await new Promise(setImmediate);
    const descriptors = readdirSync('/proc/self/fd').length;
    return { descriptors, ...handles() } as Record<string, number>;
  };
  for (let round = 0; round < 4; round++) await visit(factory, round);
  const before = await settled();
  for (let round = 0; round < CONNECTS; round++) await visit(factory, round);
  const after = await settled();
  assert.equal(after['UDPWrap'] ?? 0, before['UDPWrap'] ?? 0);
  // libdatachannel closes its own sockets in the background: a few may still be open.
  assert.ok(
    (after['descriptors'] ?? 0) <= (before['descriptors'] ?? 0) + 4,
    JSON.stringify({ before, after }),
  );
  assert.ok(
    (after['Timeout'] ?? 0) <= (before['Timeout'] ?? 0) + 4,
    JSON.stringify({ before, after }),
  );
});
