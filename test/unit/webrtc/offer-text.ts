/** Parts of a test offer, replaced by name. */
export interface OfferParts {
  session?: string[];
  formats?: string;
  video?: string[];
  application?: string[] | null;
  before?: string[];
}

const TRANSPORT = [
  'a=ice-ufrag:bMXw',
  'a=ice-pwd:pu3MZVTF5m38l8Xw5bKRSxaC',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${new Array(32).fill('4A').join(':')}`,
  'a=setup:actpass',
];

/** Video codec lines as Chromium offers them: mode 1 and 0 of each profile. */
export const CHROMIUM_H264 = [
  ['102', '42001f', 1],
  ['104', '42001f', 0],
  ['108', '42e01f', 1],
  ['114', '42e01f', 0],
  ['116', '4d001f', 1],
].flatMap(([type, profile, mode]) => [
  `a=rtpmap:${type} H264/90000`,
  `a=rtcp-fb:${type} goog-remb`,
  `a=rtcp-fb:${type} transport-cc`,
  `a=rtcp-fb:${type} ccm fir`,
  `a=rtcp-fb:${type} nack`,
  `a=rtcp-fb:${type} nack pli`,
  `a=fmtp:${type} level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`,
  `a=rtpmap:${Number(type) + 1} rtx/90000`,
  `a=fmtp:${Number(type) + 1} apt=${type}`,
]);

export const EXTENSIONS = [
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid',
];

/** An offer like that of a page in Chromium. */
export function offerText({
  session = ['a=group:BUNDLE 0 1'],
  formats = '96 102 103 104 105 108 109 114 115 116 117',
  video = ['a=recvonly', 'a=rtcp-mux', 'a=rtpmap:96 VP8/90000', ...EXTENSIONS, ...CHROMIUM_H264],
  application = ['a=sctp-port:5000', 'a=max-message-size:262144'],
  before = [],
}: OfferParts = {}): string {
  const lines = [
    'v=0',
    'o=- 1871720130381960534 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...session,
    ...before,
    `m=video 9 UDP/TLS/RTP/SAVPF ${formats}`,
    'c=IN IP4 0.0.0.0',
    'a=candidate:1 1 udp 2122260223 192.0.2.9 51000 typ host generation 0',
    'a=candidate:2 1 udp 2122260222 0b2c9a4e-9d1f-4b8e-8d3a-3f1c5f1a2b3c.local 51001 typ host',
    'a=candidate:3 1 tcp 1518280447 192.0.2.9 9 typ host tcptype active',
    'a=end-of-candidates',
    ...TRANSPORT,
    'a=mid:0',
    ...video,
  ];
  if (application) {
    lines.push('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0');
    lines.push(...TRANSPORT, 'a=mid:1', ...application);
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The audio section that some players offer first. */
export const AUDIO_FIRST = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=candidate:7 1 udp 2122260223 198.51.100.4 52000 typ host',
  ...TRANSPORT,
  'a=mid:a',
  'a=recvonly',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
];
