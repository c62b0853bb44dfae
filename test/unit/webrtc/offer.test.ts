import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KvmError } from '../../../server/errors.js';
import { completeAnswer, readNegotiatedVideo } from '../../../server/webrtc/answer.js';
import { examineOffer } from '../../../server/webrtc/offer.js';
import { AUDIO_FIRST, CHROMIUM_H264, offerText } from './offer-text.js';

const lines = (sdp: string) => sdp.split('\r\n');

test('an offer of Chromium becomes one H.264 payload of mode 1, 42e01f before all, with its RTX', () => {
  const offer = examineOffer(offerText());
  const sdp = lines(offer.toSdp());
  assert.ok(sdp.includes('m=video 9 UDP/TLS/RTP/SAVPF 108 109'));
  assert.ok(sdp.includes('a=fmtp:109 apt=108'));
  assert.deepEqual(
    sdp.filter((line) => line.startsWith('a=rtpmap')),
    ['a=rtpmap:108 H264/90000', 'a=rtpmap:109 rtx/90000'],
  );
  assert.equal(offer.interactive, true);
  assert.equal(offer.videoMid, '0');
});

test('werift pitfall: it takes the first H.264 by name; mode 0 first, and only mode 1 is left', () => {
  const mode0 = 'a=fmtp:104 packetization-mode=0;profile-level-id=42e01f';
  const mode1 = 'a=fmtp:102 packetization-mode=1;profile-level-id=4d001f';
  const video = [
    'a=recvonly',
    'a=rtcp-mux',
    'a=rtpmap:104 H264/90000',
    mode0,
    'a=rtpmap:102 H264/90000',
    mode1,
  ];
  const sdp = examineOffer(offerText({ formats: '104 102', video })).toSdp();
  assert.match(sdp, /m=video 9 UDP\/TLS\/RTP\/SAVPF 102\r\n/);
  assert.doesNotMatch(sdp, /104/);
});

test('werift pitfalls: no end-of-candidates, no .local names, no transport-cc reach it', () => {
  const sdp = examineOffer(offerText()).toSdp();
  assert.doesNotMatch(
    sdp,
    /end-of-candidates|\.local|transport-cc|transport-wide|abs-send-time|tcptype/,
  );
  assert.deepEqual(
    lines(sdp).filter((line) => line.startsWith('a=candidate')),
    ['a=candidate:1 1 udp 2122260223 192.0.2.9 51000 typ host generation 0'],
  );
  assert.deepEqual(
    lines(sdp).filter((line) => line.startsWith('a=extmap')),
    [
      'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
      'a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid',
    ],
  );
  assert.deepEqual(
    lines(sdp).filter((line) => line.startsWith('a=rtcp-fb')),
    ['goog-remb', 'ccm fir', 'nack', 'nack pli'].map((kind) => `a=rtcp-fb:108 ${kind}`),
  );
});

test('a rejected audio section stays in its place with port 0; its candidates serve the bundle', () => {
  const offer = examineOffer(offerText({ session: ['a=group:BUNDLE a 0 1'], before: AUDIO_FIRST }));
  const sdp = offer.toSdp();
  assert.doesNotMatch(sdp, /audio/);
  assert.match(sdp, /a=group:BUNDLE 0 1\r\n/);
  assert.match(sdp, /198\.51\.100\.4/);
  const answer = completeAnswer(
    [
      'v=0',
      's=-',
      'm=video 9 UDP/TLS/RTP/SAVPF 108',
      'a=mid:0',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:1',
      '',
    ].join('\r\n'),
    offer,
  );
  assert.deepEqual(
    lines(answer).filter((line) => /^m=|mid|inactive/.test(line)),
    [
      'm=audio 0 UDP/TLS/RTP/SAVPF 111',
      'a=inactive',
      'a=mid:a',
      'm=video 9 UDP/TLS/RTP/SAVPF 108',
      'a=mid:0',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:1',
    ],
  );
});

test('sections that exist only in the bundle (port 0, bundle-only) are taken', () => {
  const sdp = offerText()
    .replace('m=application 9', 'm=application 0')
    .replace('a=sctp-port', 'a=bundle-only\r\na=sctp-port');
  assert.equal(examineOffer(sdp).interactive, true);
});

test('an offer without data channels is one of a player that watches', () => {
  const offer = examineOffer(offerText({ session: [], application: null }));
  assert.equal(offer.interactive, false);
  assert.doesNotMatch(offer.toSdp(), /application/);
});

test('new ICE credentials leave the old candidates out', () => {
  const offer = examineOffer(offerText());
  const sdp = offer.toSdp({ ufrag: 'wxyz', pwd: 'a-new-password-of-22+x' });
  assert.match(sdp, /a=ice-ufrag:wxyz\r\n/);
  assert.doesNotMatch(sdp, /bMXw|a=candidate/);
});

for (const [code, name, sdp] of [
  ['bad-sdp', 'nothing', ''],
  ['bad-sdp', 'no m-line', 'v=0\r\ns=-\r\n'],
  ['bad-sdp', 'a line that is no SDP', offerText().replace('a=mid:0', 'mid')],
  ['bad-sdp', 'no ICE password', offerText().replaceAll(/a=ice-pwd[^\r]*\r\n/g, '')],
  [
    'bad-sdp',
    'a short ICE password',
    offerText().replaceAll(/a=ice-pwd:[^\r]*/g, 'a=ice-pwd:short'),
  ],
  ['bad-sdp', 'no fingerprint', offerText().replaceAll(/a=fingerprint[^\r]*\r\n/g, '')],
  ['bad-sdp', 'no rtcp-mux', offerText().replace('a=rtcp-mux\r\n', '')],
  ['bad-sdp', 'no mid', offerText().replace('a=mid:0\r\n', '')],
  ['bad-sdp', 'one mid twice', offerText().replace('a=mid:1', 'a=mid:0')],
  ['bad-sdp', 'data channels outside the bundle', offerText({ session: ['a=group:BUNDLE 0'] })],
  ['no-video', 'only data channels', offerText().replace(/m=video[\s\S]*m=app/, 'm=app')],
  ['no-video', 'video that the viewer sends', offerText().replace('a=recvonly', 'a=sendonly')],
  ['no-video', 'a rejected video section', offerText().replace('m=video 9', 'm=video 0')],
  ['no-h264', 'VP8 only', offerText({ formats: '96' })],
  ['no-h264', 'mode 0 only', offerText({ formats: '104 114' })],
] as const) {
  test(`${name} is ${code}`, () => {
    assert.throws(
      () => examineOffer(sdp),
      (error) => error instanceof KvmError && error.code === code,
    );
  });
}

test('any mutation of an offer is examined or refused with a KvmError', () => {
  const original = lines(offerText({ session: ['a=group:BUNDLE a 0 1'], before: AUDIO_FIRST }));
  const mutation = fc.tuple(
    fc.nat(original.length - 1),
    fc.constantFrom('drop', 'double', 'cut', 'swap', 'replace', 'insert'),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.nat(80),
  );
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
      const mutated = [...original];
      for (const [at, kind, text, column] of mutations) {
        const line = mutated[at % mutated.length] ?? '';
        if (kind === 'drop') mutated.splice(at % mutated.length, 1);
        else if (kind === 'double') mutated.splice(at % mutated.length, 0, line);
        else if (kind === 'cut') mutated[at % mutated.length] = line.slice(0, column);
        else if (kind === 'swap') mutated.reverse();
        else if (kind === 'replace') mutated[at % mutated.length] = text;
        else mutated[at % mutated.length] = line.slice(0, column) + text + line.slice(column);
      }
      try {
        examineOffer(mutated.join('\r\n')).toSdp();
      } catch (error) {
        if (!(error instanceof KvmError)) throw error;
        assert.ok(['bad-sdp', 'no-video', 'no-h264'].includes(error.code));
      }
    }),
    { numRuns: 3000 },
  );
});

test('what was negotiated is read from the answer', () => {
  const section = [
    'v=0',
    'm=video 9 UDP/TLS/RTP/SAVPF 108 109',
    'a=mid:0',
    'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  ];
  const answer = [...section, ...CHROMIUM_H264.filter((line) => /10[89]/.test(line)), ''].join(
    '\r\n',
  );
  assert.deepEqual(readNegotiatedVideo(answer, '0'), {
    mid: '0',
    payloadType: 108,
    rtxPayloadType: 109,
    midExtensionId: null,
    playoutDelayExtensionId: 5,
  });
  assert.throws(() => readNegotiatedVideo(answer.replace('m=video 9', 'm=video 0'), '0'));
});
