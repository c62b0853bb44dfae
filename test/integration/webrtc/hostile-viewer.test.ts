import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectViewer, createTestFactory } from './connected-viewer.js';
import { readPictures } from './pictures.js';
import { connectWeriftViewer } from './werift-viewer.js';

/** Sends a user message with a payload protocol identifier of our choice (RFC 8831 section 8). */
const PPID_NOBODY_KNOWS = 99;
const PPID_BINARY = 53;

test('werift pitfall: a message with an unknown protocol id ends its viewer, not the process', async (t) => {
  const factory = createTestFactory(t);
  const other = await connectViewer(t, factory);
  const { sctp, reliable, owner } = await connectWeriftViewer(t, factory);
  await sctp.sctp.send(reliable.id, PPID_NOBODY_KNOWS, Buffer.from('x'), { ordered: true });
  await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
  assert.deepEqual(owner.closed, ['protocol-error']);
  assert.deepEqual(other.owner.closed, []);
});

test('werift pitfall: an SCTP packet that does not parse ends its viewer, not the process', async (t) => {
  const { sctp, owner } = await connectWeriftViewer(t, createTestFactory(t));
  await sctp.dtlsTransport.sendData(Buffer.alloc(13, 0xff));
  await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
  assert.deepEqual(owner.closed, ['protocol-error']);
});

test('a large binary message ends its viewer', async (t) => {
  const { sctp, reliable, owner } = await connectWeriftViewer(t, createTestFactory(t));
  await sctp.sctp.send(reliable.id, PPID_BINARY, Buffer.alloc(4097), { ordered: true });
  await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
  assert.deepEqual(owner.closed, ['protocol-error']);
  assert.deepEqual(owner.binary, []);
});

test('werift pitfall: an ICE restart as answerer; DTLS, lanes and pictures go on', async (t) => {
  const { peer, reliable, carrier, owner } = await connectWeriftViewer(t, createTestFactory(t));
  const [keyframe] = readPictures();
  assert.ok(keyframe);
  let packets = 0;
  peer.getTransceivers()[0]?.receiver.tracks[0]?.onReceiveRtp.subscribe(() => {
    packets++;
    owner.changed.notify();
  });
  carrier.sendAccessUnit(keyframe);
  await owner.changed.until('a picture has come', () => packets > 0);
  const { etag } = carrier;
  const fragmentOf = (sdp: string) =>
    (sdp.match(/a=(?:ice-ufrag|ice-pwd|candidate):[^\r\n]*/g) ?? []).join('\r\n');
  const unchanged = fragmentOf(peer.localDescription?.sdp ?? '');
  await assert.rejects(carrier.restartIce(unchanged), { code: 'bad-candidate' });
  await assert.rejects(carrier.restartIce('a=ice-ufrag:abcd\r\n'), { code: 'bad-candidate' });
  assert.equal(carrier.etag, etag);
  for (let round = 0; round < 2; round++) {
    peer.restartIce();
    await peer.setLocalDescription(await peer.createOffer());
    const local = await carrier.restartIce(fragmentOf(peer.localDescription?.sdp ?? ''));
    const credential = (name: string) => new RegExp(`a=${name}:(\\S+)`).exec(local)?.[0] ?? '';
    const answer = carrier.answerSdp
      .replaceAll(/a=ice-ufrag:\S+/g, credential('ice-ufrag'))
      .replaceAll(/a=ice-pwd:\S+/g, credential('ice-pwd'));
    const before = packets;
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    // Packets are lost until the new pair stands: the viewer asks and gets until one has come.
    const pump = setInterval(() => carrier.sendAccessUnit(keyframe), 20);
    t.after(() => clearInterval(pump));
    await owner.changed.until('pictures go on', () => packets > before + 20);
    clearInterval(pump);
  }
  assert.notEqual(carrier.etag, etag);
  reliable.send('{"type":"keyframe"}');
  await owner.changed.until('a message has come', () => owner.messages.length === 1);
  assert.deepEqual(owner.closed, []);
});
