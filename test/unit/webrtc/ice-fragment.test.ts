import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCandidate, isUsableCandidate } from '../../../server/webrtc/ice-candidates.js';
import { parseIceFragment } from '../../../server/webrtc/ice-fragment.js';

const HOST = 'candidate:1 1 udp 2122260223 192.0.2.9 51000 typ host';

test('a fragment of RFC 8840 gives credentials and candidates', () => {
  const text = `a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=${HOST}\r\na=end-of-candidates\r\n`;
  assert.deepEqual(parseIceFragment(text), {
    ufrag: 'EsAw',
    pwd: 'P2uYro0UCOQ4zxjKXaWCBui1',
    candidates: [HOST],
  });
});

test('what is no fragment is bad-candidate', () => {
  for (const text of ['', 'x', 'a=candidate:\r\n', `a=${HOST} \r\nnonsense\r\n`]) {
    assert.throws(() => parseIceFragment(text), { code: 'bad-candidate' });
  }
});

test('only UDP candidates of component 1 with an address are of use', () => {
  assert.equal(isUsableCandidate(HOST), true);
  assert.equal(isUsableCandidate(HOST.replace('192.0.2.9', '2001:db8::1')), true);
  for (const candidate of [
    HOST.replace('192.0.2.9', 'name.local'),
    HOST.replace(' udp ', ' tcp '),
    HOST.replace('1 1 udp', '1 2 udp'),
  ]) {
    assert.equal(isCandidate(candidate), true, candidate);
    assert.equal(isUsableCandidate(candidate), false, candidate);
  }
  assert.equal(isUsableCandidate(HOST.replace('51000', '65536')), false);
  assert.equal(isUsableCandidate(HOST.replace('2122260223', '4294967296')), false);
});
