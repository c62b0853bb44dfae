import {
  type ConsoleState,
  INITIAL_STATE,
  type LogLine,
} from '../../client/src/session/console-state.js';
import type { HidState, SignalState, ViewerInfo } from '../../server/protocol/control-messages.js';

const START = Date.UTC(2026, 10, 22, 18, 14, 0);

const LOG: LogLine[] = [
  [0, 'normal', 'MyKVM console 0.1.0'],
  [1, 'normal', 'Dialing bronya.lan ...'],
  [1, 'info', 'WebRTC, UDP'],
  [2, 'info', 'H.264 1920x1080, 60 Hz'],
  [120, 'normal', 'Lin is watching'],
  [310, 'normal', 'Target: Num Lock on'],
].map(([seconds, kind, text]) => ({
  at: START + Number(seconds) * 1000,
  kind: kind as LogLine['kind'],
  text: String(text),
}));

const HISTORY = [
  33, 34, 32, 35, 33, 33, 36, 34, 44, 35, 33, 32, 34, 33, 33, 35, 41, 34, 33, 32, 33, 34, 33, 35,
  34, 33, 32, 35,
];

function viewer(id: string, name: string, change: Partial<ViewerInfo> = {}): ViewerInfo {
  return {
    id,
    name,
    role: 'operator',
    inControl: false,
    asking: false,
    player: false,
    carrier: 'webrtc',
    ...change,
  };
}

const live: ConsoleState = {
  ...INITIAL_STATE,
  phase: 'live',
  version: '0.1.0',
  certificateSha256: '9c417b0e52afd316e8f01d77a2c9640b3d5566a1c07f4e2298b4d0a71e63f15c',
  userName: 'ada',
  role: 'owner',
  viewerId: 'a',
  transport: 'webrtc',
  remote: {
    type: 'state',
    nowUs: 0,
    video: {
      signal: 'ok',
      width: 1920,
      height: 1080,
      frameRate: 60,
      bitrateBps: 6_420_000,
      lastPicture: null,
      failed: false,
    },
    hid: { state: 'configured', leds: { numLock: true, capsLock: false, scrollLock: false } },
    target: { kind: 'hardware' },
    control: { shared: false, idleHandOverMs: 60_000 },
    viewers: [
      viewer('a', 'ada', { role: 'owner', inControl: true }),
      viewer('b', 'Lin'),
      viewer('c', 'Grete', { role: 'watcher', carrier: 'websocket' }),
    ],
  },
  hasPicture: true,
  signal: 'ok',
  pictureWidth: 1920,
  pictureHeight: 1080,
  inControl: true,
  controlHolder: 'ada',
  metrics: {
    latencyMs: 35,
    latencyHistory: HISTORY,
    roundTripMs: 4,
    framesPerSecond: 60,
    bitrateBps: 6_420_000,
    framesTotal: 14459,
    bytesTotal: 186_400_000,
    lostPercent: 0,
    seconds: 246,
  },
  log: LOG,
};

const signedOut: ConsoleState = {
  ...INITIAL_STATE,
  version: live.version,
  certificateSha256: live.certificateSha256,
  log: [
    { at: START, kind: 'normal', text: 'MyKVM console 0.1.0' },
    { at: START, kind: 'info', text: 'WebRTC and WebCodecs available' },
    { at: START, kind: 'normal', text: 'Waiting for an owner' },
  ],
};

function remote(signal: SignalState, hid: HidState, failed = false): ConsoleState {
  const { remote: before } = live;
  if (before === null) throw new Error('the live state has a remote');
  return {
    ...live,
    signal,
    remote: {
      ...before,
      video: { ...before.video, signal, failed },
      hid: { state: hid, leds: hid === 'configured' ? before.hid.leds : null },
    },
    log: [...LOG, { at: START + 320_000, kind: 'error', text: `Signal lost: ${signal}` }],
  };
}

const watched: ConsoleState = {
  ...live,
  inControl: false,
  controlHolder: 'Lin',
  remote: live.remote && {
    ...live.remote,
    target: { kind: 'simulated' },
    viewers: [viewer('a', 'ada', { role: 'owner' }), viewer('b', 'Lin', { inControl: true })],
  },
};

const SHARED = { shared: true, idleHandOverMs: null };

const operatorAsking = [
  viewer('a', 'ada', { role: 'owner', inControl: true }),
  viewer('b', 'Lin', { asking: true }),
  viewer('c', 'Grete', { role: 'watcher', carrier: 'websocket' }),
];

function viewed(state: ConsoleState, viewers: ViewerInfo[]): ConsoleState {
  const holder = viewers.find(({ inControl }) => inControl)?.name ?? null;
  return {
    ...state,
    controlHolder: holder,
    remote: state.remote && { ...state.remote, viewers },
  };
}

/** Every state that is worth a look, by name. */
export const DEMO_STATES: Record<string, ConsoleState> = {
  live,
  starting: INITIAL_STATE,
  claim: { ...signedOut, phase: 'claim' },
  'claim-error': {
    ...signedOut,
    phase: 'claim',
    formError: 'The code is wrong or no longer valid.',
  },
  login: { ...signedOut, phase: 'login' },
  'login-error': { ...signedOut, phase: 'login', formError: 'Name or password is wrong.' },
  off: { ...live, phase: 'off', remote: null, transport: null, hasPicture: false, signal: null },
  connecting: {
    ...live,
    phase: 'connecting',
    remote: null,
    transport: null,
    hasPicture: false,
    signal: null,
  },
  reconnecting: { ...live, phase: 'reconnecting', retryInSeconds: 3, pictureAgeSeconds: 4 },
  'reconnecting-black': {
    ...live,
    phase: 'reconnecting',
    retryInSeconds: 3,
    hasPicture: false,
  },
  'no-device': remote('no-device', 'configured'),
  'no-cable': remote('no-cable', 'detached'),
  'no-signal': remote('no-signal', 'configured'),
  'no-sync': remote('no-sync', 'configured'),
  'unsupported-timings': remote('unsupported-timings', 'configured'),
  asleep: remote('no-signal', 'suspended'),
  'target-off': remote('no-signal', 'detached'),
  'pipeline-failed': { ...remote('ok', 'configured', true), hasPicture: false },
  old: { ...live, pictureAgeSeconds: 7 },
  watching: watched,
  'control-lost': { ...watched, controlLost: true },
  asked: viewed(live, [
    viewer('a', 'ada', { role: 'owner', inControl: true }),
    viewer('b', 'Lin', { asking: true }),
    viewer('b2', 'Lin', { carrier: 'websocket' }),
    viewer('c', 'ada', { role: 'owner', player: true }),
  ]),
  asking: { ...viewed(watched, operatorAsking), userName: 'Lin', role: 'operator', viewerId: 'b' },
  'may-ask': {
    ...viewed(
      watched,
      operatorAsking.map((each) => ({ ...each, asking: false })),
    ),
    userName: 'Lin',
    role: 'operator',
    viewerId: 'b',
  },
  refused: {
    ...viewed(
      watched,
      operatorAsking.map((each) => ({ ...each, asking: false })),
    ),
    userName: 'Lin',
    role: 'operator',
    viewerId: 'b',
    controlRefused: 'ada keeps control for now',
  },
  shared: viewed({ ...live, remote: live.remote && { ...live.remote, control: SHARED } }, [
    viewer('a', 'ada', { role: 'owner', inControl: true }),
    viewer('b', 'Lin', { inControl: true }),
    viewer('c', 'Grete', { role: 'watcher' }),
  ]),
  websocket: {
    ...live,
    transport: 'websocket',
    transportNote: 'WebRTC did not connect within 5 s: UDP may be blocked.',
  },
  'bad-turn': {
    ...live,
    remote: live.remote && {
      ...live.remote,
      iceProblems: [
        'turns:turn.example.net:443: its certificate is not trusted.',
        'turn:turn.example.net: the login is refused.',
      ],
    },
  },
  'hid-gone': remote('ok', 'detached'),
  'too-many-viewers': { ...live, phase: 'ended', end: 'too-many-viewers', hasPicture: false },
  'logged-out': { ...live, phase: 'ended', end: 'logged-out' },
};
