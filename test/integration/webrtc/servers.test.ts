import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { iceSource } from '../../fakes/ice-source.js';
import { turnThatIsSilent, turnThatRefuses } from '../../fakes/turn-that-refuses.js';
import { createTestFactory } from './connected-viewer.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer } from './rtc-viewer.js';
import { connectWeriftViewer } from './werift-viewer.js';

async function offer(t: { after(work: () => void): void }): Promise<string> {
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  return await viewer.offer();
}

test('with relays only, a viewer hears at once that the login is refused, and no address', async (t) => {
  const url = `turn:127.0.0.1:${await turnThatRefuses(t)}`;
  const ice = iceSource([url], { policy: 'relay' });
  const factory = createTestFactory(t, { ice });
  await assert.rejects(factory.answer(await offer(t), new RecordingOwner()), {
    code: 'connect-failed',
    message: `Only relays may be used, and there is none: ${url} does not accept the login.`,
  });
  assert.deepEqual(ice.outcomes, [{ url, problem: `${url} does not accept the login.` }]);
  assert.equal(factory.peerCount, 0);
});

test('each server is asked, and what is wrong with it is said', async (t) => {
  const silent = `turn:127.0.0.1:${await turnThatIsSilent(t)}`;
  const refusing = `turn:127.0.0.1:${await turnThatRefuses(t)}`;
  const closed = 'turn:127.0.0.1:1?transport=tcp';
  const ice = iceSource([silent, refusing, closed]);
  await createTestFactory(t, { ice }).checkServers();
  const problems = new Map(ice.outcomes.map(({ url, problem }) => [url, problem]));
  assert.equal(problems.get(silent), `${silent} does not answer.`);
  assert.equal(problems.get(refusing), `${refusing} does not accept the login.`);
  assert.equal(problems.get(closed), `${closed} refuses the connection.`);
});

test('a server that fails holds nobody up who needs none', async (t) => {
  const ice = iceSource([`turn:127.0.0.1:${await turnThatIsSilent(t)}`]);
  const factory = createTestFactory(t, { ice });
  const carrier = await factory.answer(await offer(t), new RecordingOwner());
  assert.match(carrier.answerSdp, /a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host/);
  assert.deepEqual(ice.outcomes, []);
});

test('no port of TCP is opened unless it is wanted, and only addresses that the rules name', async (t) => {
  const rules = { iceAddresses: ['127.0.0.1'], extraHosts: [] };
  const candidates = async (iceTcp: boolean) => {
    const factory = createTestFactory(t, { ...rules, iceTcp });
    const { answerSdp } = await factory.answer(await offer(t), new RecordingOwner());
    return [
      ...answerSdp.matchAll(
        /^a=candidate:\S+ 1 (\w+) \d+ (\S+) (\d+) typ host.*?(?:tcptype (\w+).*)?$/gm,
      ),
    ]
      .map(([, transport, address, , type]) => [transport, address, type].join(' ').trim())
      .sort();
  };
  assert.deepEqual(await candidates(false), ['udp 127.0.0.1']);
  assert.deepEqual(await candidates(true), ['tcp 127.0.0.1 passive', 'udp 127.0.0.1']);
});

test('a router that passes ports on: its address is told with the port of TCP', async (t) => {
  const factory = createTestFactory(t, {
    iceTcp: true,
    iceAddresses: ['127.0.0.1'],
    extraHosts: ['203.0.113.7'],
  });
  const { answerSdp } = await factory.answer(await offer(t), new RecordingOwner());
  const port = (address: string) =>
    new RegExp(` tcp \\d+ ${address} (\\d+) typ host tcptype passive`).exec(answerSdp)?.[1];
  assert.ok(port('127\\.0\\.0\\.1'));
  assert.equal(port('203\\.0\\.113\\.7'), port('127\\.0\\.0\\.1'));
});

test('over TCP: pictures and messages pass, and the port goes with the viewer', async (t) => {
  const factory = createTestFactory(t, {
    iceTcp: true,
    iceAddresses: ['127.0.0.1'],
    extraHosts: [],
  });
  const { carrier, owner, reliable, peer } = await connectWeriftViewer(t, factory, 'tcp');
  const pair = peer.iceTransports[0]?.getSelectedCandidatePair();
  assert.match(pair?.remote.candidate ?? '', / tcp .* tcptype passive/);
  const port = Number(/ tcp \d+ 127\.0\.0\.1 (\d+) /.exec(carrier.answerSdp)?.[1]);
  reliable.send(Buffer.from([9, 9]));
  await owner.changed.until('the message is there', () => owner.binary.length > 0);
  carrier.close('session-ended');
  await owner.changed.until('closed', () => owner.closed.length === 1);
  await factory.close();
  const late = connect(port, '127.0.0.1');
  t.after(() => late.destroy());
  const [error] = await once(late, 'error');
  assert.equal(error.code, 'ECONNREFUSED');
});
