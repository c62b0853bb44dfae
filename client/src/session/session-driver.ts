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
import { CarrierSet } from './carrier-set.js';
import type { Connection } from './connection.js';
import type { ConsoleState } from './console-state.js';
import { refusalWords } from './control-actions.js';
import type { EventLog } from './event-log.js';
import { PictureMonitor } from './picture-monitor.js';
import type { PictureMount } from './picture-mount.js';
import { RetrySchedule } from './retry-schedule.js';
import type { Store } from './store.js';
import { findDecoders, planTransports, type Transport } from './transport-choice.js';

/** Reasons after which trying again by itself would be wrong. */
const FINAL: ReadonlySet<string> = new Set(['too-many-viewers', 'version-mismatch', 'no-decoder']);
/** Reasons that ask for signing in again. */
const SIGN_IN: ReadonlySet<string> = new Set(['login-required', 'logged-out']);

const NAMES: Record<Transport, string> = { webrtc: 'WebRTC', websocket: 'WebSocket' };

/** Keeps one viewer session connected: connects, reconnects with back-off, and keeps the state in the store. */
export class SessionDriver {
  readonly #store: Store<ConsoleState>;
  readonly #log: EventLog;
  readonly #mount: PictureMount;
  readonly #input: InputSender;
  readonly #monitor = new PictureMonitor(new ApplianceClock());
  readonly #retry = new RetrySchedule();
  #running = false;
  #session: SessionReply | null = null;
  #carriers: CarrierSet | null = null;
  /** Why no better transport is tried. */
  #planNote: string | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #second: ReturnType<typeof setInterval> | undefined;
  /** When the appliance was last heard: a picture that is frozen since then is that old. */
  #heardMs = 0;
  /** Grows with each start and stop, so that a late reply of an older run is seen as such. */
  #run = 0;
  /** This viewer had control and did not give it away: coming back without it is worth a word. */
  #hadControl = false;

  constructor(store: Store<ConsoleState>, log: EventLog, mount: PictureMount, input: InputSender) {
    this.#store = store;
    this.#log = log;
    this.#mount = mount;
    this.#input = input;
  }

  /** Connected, or trying to be. */
  get running(): boolean {
    return this.#running;
  }

  /** The active carrier; null while there is none. */
  get connection(): Connection | null {
    return this.#carriers?.active ?? null;
  }

  start(): void {
    this.stop();
    this.#running = true;
    this.#monitor.reset(performance.now());
    this.#second = setInterval(() => this.#measure(), 1000);
    this.#log.add(`Dialing ${location.host} ...`);
    this.#store.update({ phase: 'connecting', end: null, hasPicture: false });
    this.#connect();
  }

  /** Disconnects and ends the session; the target is not touched. */
  stop(): void {
    this.#run += 1;
    this.#running = false;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#second);
    this.#input.beginEpoch(0);
    this.#carriers?.close();
    this.#carriers = null;
    this.#mount.clear();
    if (this.#session) api.endSession(this.#session.session).catch(() => {});
    this.#session = null;
    this.#hadControl = false;
    this.#store.update({
      hasPicture: false,
      remote: null,
      signal: null,
      transport: null,
      route: null,
      inControl: false,
      controlLost: false,
      controlRefused: null,
      pictureAgeSeconds: null,
      retryInSeconds: null,
    });
  }

  async #open(run: number): Promise<void> {
    const can = await findDecoders();
    if (run !== this.#run) return;
    const plan = planTransports(location.search, this.#store.value.transportSetting, can);
    if (plan.transports.length === 0) {
      this.#closed('no-decoder');
      return;
    }
    const { note: transportNote, decoder: socketDecoder } = plan;
    this.#planNote = transportNote;
    this.#store.update({ transportNote, socketDecoder, retryInSeconds: null });
    this.#session ??= await api.createSession();
    if (run !== this.#run) return;
    this.#carriers = new CarrierSet(this.#session, plan, this.#mount, this.#input, {
      opened: (transport) => this.#opened(transport),
      message: (message) => this.#message(message),
      control: (inputEpoch) => this.#control(inputEpoch),
      changed: () => this.#changed(),
      shown: (picture) => this.#shown(picture),
      lost: (reason) => this.#lost(reason),
      down: (reason, unexplained) => {
        if (unexplained) this.#refused(run);
        else this.#closed(reason);
      },
    });
  }

  #connect(): void {
    const run = this.#run;
    this.#open(run).catch((error: unknown) => {
      if (run === this.#run) this.#closed(error instanceof ApiError ? error.code : 'internal');
    });
  }

  #opened(transport: Transport): void {
    this.#retry.reset();
    this.#log.add(`${NAMES[transport]} connected`, 'info');
    this.#store.update({ phase: 'live', retryInSeconds: null });
  }

  /** Another carrier is used, or the words about it have changed. */
  #changed(): void {
    const { active, why } = this.#carriers ?? {};
    this.#store.update({ transportNote: why ?? this.#planNote });
    if (!active) return;
    this.#monitor.follow(active.clock);
    const { transport } = this.#store.value;
    if (active.transport === transport) return;
    if (transport !== null) this.#log.add(`Moved to ${NAMES[active.transport]}`);
    this.#store.update({ transport: active.transport, route: null });
  }

  /** One carrier ended while another one goes on or is on its way. */
  #lost(reason: ErrorCode | 'lost'): void {
    this.#log.add(wordsFor(reason), 'error');
    if (!this.#carriers?.active) this.#store.update({ phase: 'reconnecting' });
  }

  #message(message: ServerMessage): void {
    const before = this.#store.value;
    this.#heardMs = performance.now();
    switch (message.type) {
      case 'hello':
        this.#store.update({ sessionId: message.session, viewerId: message.viewer });
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
      case 'control':
      case 'end':
        break;
    }
  }

  #control(inputEpoch: number): void {
    const inControl = inputEpoch !== 0;
    if (this.#hadControl && !inControl) this.#store.update({ controlLost: true });
    if (inControl) this.#store.update({ controlLost: false, controlRefused: null });
    this.#hadControl = inControl;
    this.#store.update({ inControl });
  }

  /** The viewer gives control away: not having it is what was wanted. */
  giveControl(message: GrantControlMessage | ReleaseControlMessage): void {
    this.#hadControl = false;
    this.connection?.sendMessage(message);
  }

  #shown(picture: ShownPicture): void {
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
    this.#carriers = null;
    this.#input.beginEpoch(0);
    this.#store.update({ inControl: false });
    this.#log.add(wordsFor(reason), 'error');
    if (SIGN_IN.has(reason)) {
      this.stop();
      this.#store.update({
        phase: 'login',
        userName: null,
        role: null,
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
    const counts = this.#carriers?.counts() ?? Promise.resolve(null);
    this.#readRoute(run).catch(() => {});
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

  async #readRoute(run: number): Promise<void> {
    const { connection } = this;
    const route = (await connection?.route()) ?? null;
    if (run === this.#run && connection === this.connection) this.#store.update({ route });
  }

  #pictureAge(nowMs: number): number | null {
    const { phase, hasPicture, remote } = this.#store.value;
    if (phase === 'reconnecting' && hasPicture) return (nowMs - this.#heardMs) / 1000;
    // A hidden page draws nothing: what it shows is old without anything being wrong.
    if (document.hidden || phase !== 'live') return null;
    return this.#monitor.ageSeconds(remote, nowMs);
  }
}

function wordsFor(reason: ErrorCode | 'lost'): string {
  return reason === 'lost' ? 'Carrier lost' : ERRORS[reason].message;
}
