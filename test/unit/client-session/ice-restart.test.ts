import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartedAnswer } from '../../../client/src/session/ice-restart.js';
import { routeOf } from '../../../client/src/session/webrtc-route.js';

const ANSWER = [
  'v=0',
  'a=group:BUNDLE 0 1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=ice-ufrag:old0',
  'a=ice-pwd:oldpassword',
  'a=fingerprint:sha-256 AA',
  'a=candidate:1 1 udp 1 192.0.2.1 1 typ host',
  'a=end-of-candidates',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=ice-ufrag:old0',
  'a=ice-pwd:oldpassword',
  '',
].join('\r\n');

test('an ICE restart changes credentials and candidates of the answer and nothing else', () => {
  const fragment = [
    'a=ice-options:trickle',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=ice-ufrag:new1',
    'a=ice-pwd:newpassword',
    'a=candidate:2 1 udp 1 192.0.2.2 2 typ host',
    '',
  ].join('\r\n');
  assert.equal(
    restartedAnswer(ANSWER, fragment),
    [
      'v=0',
      'a=group:BUNDLE 0 1',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=ice-ufrag:new1',
      'a=ice-pwd:newpassword',
      'a=candidate:2 1 udp 1 192.0.2.2 2 typ host',
      'a=fingerprint:sha-256 AA',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=ice-ufrag:new1',
      'a=ice-pwd:newpassword',
      'a=candidate:2 1 udp 1 192.0.2.2 2 typ host',
      '',
    ].join('\r\n'),
  );
  assert.equal(restartedAnswer(ANSWER, 'a=ice-ufrag:new1\r\n'), null);
});

const stats = (local: object, remote: object) =>
  new Map<string, object>([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', { type: 'candidate-pair', id: 'P', localCandidateId: 'L', remoteCandidateId: 'R' }],
    ['L', { type: 'local-candidate', ...local }],
    ['R', { type: 'remote-candidate', ...remote }],
  ]) as unknown as RTCStatsReport;

test('the way of the packets, from the chosen pair', () => {
  const host = { candidateType: 'host', protocol: 'udp' };
  const relay = (relayProtocol: string) => ({ ...host, candidateType: 'relay', relayProtocol });
  assert.equal(routeOf(stats(host, host)), 'udp');
  assert.equal(routeOf(stats({ ...host, protocol: 'tcp' }, host)), 'ice-tcp');
  assert.equal(routeOf(stats(relay('udp'), host)), 'turn-udp');
  assert.equal(routeOf(stats(relay('tcp'), host)), 'turn-tcp');
  assert.equal(routeOf(stats(relay('tls'), host)), 'turn-tls');
  assert.equal(routeOf(stats(host, { ...host, candidateType: 'relay' })), 'turn');
  assert.equal(routeOf(new Map() as unknown as RTCStatsReport), null);
});
