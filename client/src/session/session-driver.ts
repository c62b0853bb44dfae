import type { SessionReply } from '../../../server/protocol/api.js';
import type {
  GrantControlMessage,
  ReleaseControlMessage,
  ServerMessage,
} from '../../../server/protocol/control-messages.js';
import { ERRORS, type ErrorCode } from '../../../server/protocol/error-codes.js';
import type { InputSender } from '../input/input-sender.js';
import type { ShownPicture } from '../video/picture.js';
import { ApiError, api } from './api-client.js';
import { ApplianceClock } from './appliance-clock.js';
import { Connection } from './connection.js';
import type { ConsoleState } from './console-state.js';
import { refusalWords } from './control-actions.js';
import type { EventLog } from './event-log.js';
import { PictureMonitor } from './picture-monitor.js';
import type { PictureMount } from './picture-mount.js';
import { RetrySchedule } from './retry-schedule.js';
import type { Store } from './store.js';
import { chooseTransport } from './transport-choice.js';

/** Reasons after which trying again by itself would be wrong. */
const FINAL: ReadonlySet<string> = new Set(['too-many-viewers', 'version-mismatch', 'no-decoder']);
/** WebRTC attempts that end so will again: the WebSocket takes over. Others say nothing about WebRTC. */
const NO_WEBRTC: ReadonlySet<string> = new Set([
  'connect-failed',
  'no-h264',
  'no-video',
  'bad-sdp',
  'busy',
  'internal',
]);
/** Reasons that ask for signing in again. */
const SIGN_IN: ReadonlySet<string> = new Set(['login-required', 'logged-out']);

/** Keeps one viewer session connected: connects, reconnects with back-off, and keeps the state in the store. */
export class SessionDriver {
  readonly #store: Store<ConsoleState>;
  readonly #log: EventLog;
  readonly #mount: PictureMount;
  readonly #input: InputSender;
  readonly #clock = new ApplianceClock();
  readonly #monitor = new PictureMonitor(this.#clock);
  readonly #retry = new RetrySchedule();
  #session: SessionReply | null = null;
  #connection: Connection | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #second: ReturnType<typeof setInterval> | undefined;
  /** When the appliance was last heard: a picture that is frozen since then is that old. */
  #heardMs = 0;
  /** Grows with each start and stop, so that a late reply of an older run is seen as such. */
  #run = 0;
  /** WebRTC did not connect in this page's life: use the WebSocket. */
  #webrtcFailed = false;
  /** This viewer had control and did not give it away: coming back without it is worth a word. */
  #hadControl = false;

  constructor(store: Store<ConsoleState>, log: EventLog, mount: PictureMount, input: InputSender) {
    this.#store = store;
    this.#log = log;
    this.#mount = mount;
    this.#input = input;
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  start(): void {
    this.stop();
    this.#webrtcFailed = false;
    this.#clock.reset();
    this.#monitor.reset(performance.now());
    this.#second = setInterval(() => this.#measure(), 1000);
    this.#log.add(`Dialing ${location.host} ...`);
    this.#store.update({ phase: 'connecting', end: null, hasPicture: false });
    this.#connect();
  }

  /** Disconnects and ends the session; the target is not touched. */
  stop(): void {
    this.#run += 1;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#second);
    this.#input.beginEpoch(0);
    this.#connection?.close();
    this.#connection = null;
    this.#mount.clear();
    if (this.#session) api.endSession(this.#session.session).catch(() => {});
    this.#session = null;
    this.#hadControl = false;
    this.#store.update({
      hasPicture: false,
      remote: null,
      signal: null,
      transport: null,
      inControl: false,
      controlLost: false,
      controlRefused: null,
      pictureAgeSeconds: null,
      retryInSeconds: null,
    });
  }

  async #open(run: number): Promise<void> {
    const { transport, note } = chooseTransport(location.search, this.#webrtcFailed);
    if (transport === null) {
      this.#closed('no-decoder');
      return;
    }
    this.#session ??= await api.createSession();
    if (run !== this.#run) return;
    this.#store.update({ transport, transportNote: note, retryInSeconds: null });
    const connection = new Connection(this.#session, transport, this.#clock, {
      opened: () => this.#opened(),
      message: (message) => this.#message(message),
      binary: (bytes) => this.#input.receive(bytes),
      shown: (picture) => this.#shown(connection, picture),
      closed: (reason, opened) => {
        if (run !== this.#run) return;
        if (transport === 'webrtc' && !opened && NO_WEBRTC.has(reason)) this.#webrtcFailed = true;
        if (transport === 'websocket' && !opened) this.#refused(run);
        else this.#closed(reason);
      },
    });
    this.#connection = connection;
    this.#mount.add(connection.surface);
  }

  #connect(): void {
    const run = this.#run;
    this.#open(run).catch((error: unknown) => {
      if (run === this.#run) this.#closed(error instanceof ApiError ? error.code : 'internal');
    });
  }

  #opened(): void {
    this.#retry.reset();
    const { transport } = this.#store.value;
    this.#log.add(transport === 'webrtc' ? 'WebRTC connected' : 'WebSocket connected', 'info');
    this.#store.update({ phase: 'live' });
  }

  #message(message: ServerMessage): void {
    const before = this.#store.value;
    this.#heardMs = performance.now();
    switch (message.type) {
      case 'hello':
        this.#store.update({ sessionId: message.session, viewerId: message.viewer });
        // The appliance has not noticed yet that the carrier before this one is gone.
        if (message.standby) this.#connection?.sendMessage({ type: 'use-carrier' });
        else this.#control(message.inputEpoch);
        break;
      case 'control':
        this.#control(message.inputEpoch);
        break;
      case 'state': {
        const holder = message.viewers.find((viewer) => viewer.inControl)?.name ?? null;
        this.#store.update({
          remote: message,
          signal: message.video.signal,
          controlHolder: holder,
        });
        this.#log.compare(before, this.#store.value);
        break;
      }
      case 'control-refused': {
        const words = refusalWords(message.error, this.#store.value.controlHolder);
        this.#log.add(words);
        this.#store.update({ controlRefused: words });
        break;
      }
      case 'end':
        break;
    }
  }

  #control(inputEpoch: number): void {
    const inControl = inputEpoch !== 0;
    this.#input.beginEpoch(inputEpoch);
    if (this.#hadControl && !inControl) this.#store.update({ controlLost: true });
    if (inControl) this.#store.update({ controlLost: false, controlRefused: null });
    this.#hadControl = inControl;
    this.#store.update({ inControl });
  }

  /** The viewer gives control away: not having it is what was wanted. */
  giveControl(message: GrantControlMessage | ReleaseControlMessage): void {
    this.#hadControl = false;
    this.#connection?.sendMessage(message);
  }

  #shown(connection: Connection, picture: ShownPicture): void {
    if (connection !== this.#connection) return;
    this.#mount.bringToFront();
    this.#monitor.shown(picture);
    this.#store.update({
      hasPicture: true,
      pictureWidth: picture.width,
      pictureHeight: picture.height,
    });
  }

  /**
   * Browsers do not say why a WebSocket was refused: asked over HTTP, the appliance does. The session is given up,
   * because whether it still exists cannot be known; one that does would keep its place.
   */
  #refused(run: number): void {
    const asked = this.#session ? api.endSession(this.#session.session) : Promise.resolve();
    asked.then(
      () => {
        if (run !== this.#run) return;
        this.#session = null;
        this.#closed('lost');
      },
      (error: unknown) => {
        if (run === this.#run) this.#closed(error instanceof ApiError ? error.code : 'lost');
      },
    );
  }

  #closed(reason: ErrorCode | 'lost'): void {
    this.#connection = null;
    this.#input.beginEpoch(0);
    this.#store.update({ inControl: false });
    const words = reason === 'lost' ? 'Carrier lost' : ERRORS[reason].message;
    this.#log.add(words, 'error');
    if (SIGN_IN.has(reason)) {
      this.stop();
      this.#store.update({
        phase: 'login',
        userName: null,
        formError: ERRORS['logged-out'].message,
      });
    } else if (FINAL.has(reason) && reason !== 'lost') {
      this.stop();
      this.#store.update({ phase: 'ended', end: reason });
    } else {
      // The session is gone for the appliance: a new one is made.
      if (reason === 'no-session' || reason === 'session-ended') this.#session = null;
      this.#waitAndRetry();
    }
  }

  #waitAndRetry(): void {
    const delayMs = this.#retry.next();
    this.#store.update({ phase: 'reconnecting', retryInSeconds: Math.ceil(delayMs / 1000) });
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
  }

  #measure(): void {
    const run = this.#run;
    const surface = this.#mount.current;
    const counts = this.#connection && surface ? surface.counts() : Promise.resolve(null);
    counts
      .catch(() => null)
      .then((found) => {
        if (run !== this.#run) return;
        const now = performance.now();
        this.#store.update({
          metrics: this.#monitor.measure(found, now),
          pictureAgeSeconds: this.#pictureAge(now),
        });
      })
      .catch(() => {});
  }

  #pictureAge(nowMs: number): number | null {
    const { phase, hasPicture, remote } = this.#store.value;
    if (phase === 'reconnecting' && hasPicture) return (nowMs - this.#heardMs) / 1000;
    // A hidden page draws nothing: what it shows is old without anything being wrong.
    if (document.hidden || phase !== 'live') return null;
    return this.#monitor.ageSeconds(remote, nowMs);
  }
}
