import type { SessionReply } from '../../../server/protocol/api.js';
import type { ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import type { InputSender } from '../input/input-sender.js';
import type { PictureCounts, ShownPicture } from '../video/picture.js';
import { Connection, type ConnectionListener } from './connection.js';
import { type CarrierFacts, Ladder } from './ladder.js';
import type { PictureMount } from './picture-mount.js';
import type { Transport, TransportPlan } from './transport-choice.js';

const TICK_MS = 250;

/** Reasons that are about the session and not about one carrier: with one, all have ended. */
const OF_SESSION: ReadonlySet<string> = new Set([
  'no-session',
  'session-ended',
  'logged-out',
  'login-required',
  'too-many-viewers',
  'shutting-down',
  'version-mismatch',
]);

export interface CarrierSetListener {
  opened(transport: Transport): void;
  /** A message of the active carrier; `hello` only of the first. */
  message(message: ServerMessage): void;
  /** The input epoch, already told to the input; 0 without control. */
  control(inputEpoch: number): void;
  /** Input and pictures come over this carrier now, or why it is not the better one has changed. */
  changed(): void;
  shown(picture: ShownPicture): void;
  /** One carrier ended, another one goes on. */
  lost(reason: ErrorCode | 'lost'): void;
  /** All have ended. `unexplained`: only a WebSocket was refused, and browsers do not say why. */
  down(reason: ErrorCode | 'lost', unexplained: boolean): void;
}

/** The carriers of a session, from the first attempt to the end of the last one, and the ladder between them. */
export class CarrierSet implements ConnectionListener {
  readonly #session: SessionReply;
  readonly #plan: TransportPlan;
  readonly #mount: PictureMount;
  readonly #input: InputSender;
  readonly #listener: CarrierSetListener;
  readonly #ladder: Ladder;
  readonly #connections = new Map<Transport, Connection>();
  readonly #withPicture = new WeakSet<Connection>();
  readonly #frames = new Map<Connection, number>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #scope = new AbortController();
  /** Input goes here; null without any open carrier. */
  #active: Connection | null = null;
  #asked: Connection | null = null;
  /** Since when there is no active carrier. */
  #idleSinceMs: number | null = null;
  #lastEpoch = 0;
  #why: string | null = null;
  /** Whether the appliance has answered over HTTP since this set began. */
  #answered = false;
  #ended = false;

  constructor(
    session: SessionReply,
    plan: TransportPlan,
    mount: PictureMount,
    input: InputSender,
    listener: CarrierSetListener,
  ) {
    this.#session = session;
    this.#plan = plan;
    this.#mount = mount;
    this.#input = input;
    this.#listener = listener;
    this.#ladder = new Ladder(plan.transports, {
      open: (transport) => this.#open(transport),
      use: (transport) => this.#use(transport),
      close: (transport) => this.#close(transport),
      repair: (transport) => this.#connections.get(transport)?.repair(),
    });
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
    const { signal } = this.#scope;
    const changed = () => this.#ladder.networkChanged(performance.now());
    window.addEventListener('online', changed, { signal });
    this.#ladder.begin();
  }

  get active(): Connection | null {
    return this.#active;
  }

  /** Why the better carrier is not used, in plain words. */
  get why(): string | null {
    return this.#ladder.why;
  }

  /** Of what is shown; null while that is no live picture. */
  counts(): Promise<PictureCounts | null> {
    const { front } = this.#mount;
    return front && !this.#mount.frozen ? front.counts() : Promise.resolve(null);
  }

  /** Ends every carrier. The listener hears nothing more. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#scope.abort();
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    this.#active = null;
    for (const connection of connections) this.#dispose(connection);
  }

  opened(connection: Connection): void {
    if (!this.#has(connection)) return;
    this.#answered = true;
    this.#ladder.opened(connection.transport, performance.now());
    this.#listener.opened(connection.transport);
  }

  message(connection: Connection, message: ServerMessage): void {
    if (!this.#has(connection)) return;
    if (message.type === 'hello') this.#hello(connection, message.inputEpoch, message.standby);
    if (message.type === 'control') {
      this.#control(connection, message.inputEpoch, message.continues ?? 0);
    }
    if (connection === this.#active) this.#listener.message(message);
  }

  binary(bytes: Uint8Array): void {
    this.#input.receive(bytes);
  }

  shown(connection: Connection, picture: ShownPicture): void {
    if (!this.#has(connection)) return;
    this.#withPicture.add(connection);
    if (this.#mount.frozen || connection === this.#active) this.#mount.show(connection.surface);
    if (this.#mount.front === connection.surface) this.#listener.shown(picture);
  }

  closed(connection: Connection, reason: ErrorCode | 'lost'): void {
    if (!this.#has(connection)) return;
    const { transport, everOpen } = connection;
    this.#connections.delete(transport);
    this.#forget(connection);
    if (OF_SESSION.has(reason)) {
      this.#down(reason, false);
      return;
    }
    if (transport === 'webrtc' && reason !== 'lost') this.#answered = true;
    this.#ladder.closed(transport, reason, performance.now());
    if (this.#ladder.down) {
      this.#down(reason, transport === 'websocket' && !everOpen && !this.#answered);
    } else {
      if (everOpen && reason !== 'carrier-replaced') this.#listener.lost(reason);
      this.#changed();
    }
  }

  #hello(connection: Connection, inputEpoch: number, standby = false): void {
    if (!standby) this.#moved(connection, inputEpoch, 0);
    // The appliance has not noticed yet that the carrier before this one is gone.
    else if (this.#active === null) this.#use(connection.transport);
  }

  #control(connection: Connection, inputEpoch: number, continues: number): void {
    const expected = connection === this.#active || connection === this.#asked;
    // Epochs grow: a smaller one comes late over a carrier that the session has left.
    if (inputEpoch === 0 ? !expected : inputEpoch <= this.#lastEpoch) return;
    this.#moved(connection, inputEpoch, continues);
  }

  #moved(connection: Connection, inputEpoch: number, continues: number): void {
    const before = this.#active;
    this.#active = connection;
    this.#asked = null;
    this.#lastEpoch = Math.max(this.#lastEpoch, inputEpoch);
    this.#ladder.moved(connection.transport);
    if (this.#withPicture.has(connection)) this.#mount.show(connection.surface);
    if (continues === 0) this.#input.beginEpoch(inputEpoch);
    else if (!this.#input.continueEpoch(inputEpoch, continues)) {
      // The appliance moved by itself, from an epoch that this page never heard of: from the beginning, then.
      connection.sendMessage({ type: 'use-carrier', continues: this.#input.epoch });
      return;
    }
    this.#listener.control(inputEpoch);
    if (before !== connection) this.#listener.changed();
  }

  #open(transport: Transport): void {
    const connection = new Connection(this.#session, transport, this.#plan.decoder, this);
    this.#connections.set(transport, connection);
    this.#mount.add(connection.surface);
  }

  /** While another carrier is active it stays so until the appliance has moved. */
  #use(transport: Transport): void {
    const connection = this.#connections.get(transport);
    if (!connection) return;
    this.#asked = connection;
    this.#active ??= connection;
    connection.sendMessage({ type: 'use-carrier', continues: this.#input.epoch });
  }

  #close(transport: Transport): void {
    const connection = this.#connections.get(transport);
    if (!connection) return;
    this.#connections.delete(transport);
    this.#forget(connection);
    this.#dispose(connection);
    this.#changed();
  }

  #dispose(connection: Connection): void {
    connection.close();
    this.#mount.end(connection.surface);
  }

  /** Its last picture stays in sight until there is another one. */
  #forget(connection: Connection): void {
    this.#mount.end(connection.surface);
    this.#frames.delete(connection);
    if (this.#active === connection) this.#active = null;
    if (this.#asked === connection) this.#asked = null;
  }

  #down(reason: ErrorCode | 'lost', unexplained: boolean): void {
    this.close();
    this.#listener.down(reason, unexplained);
  }

  #has(connection: Connection): boolean {
    return this.#connections.get(connection.transport) === connection;
  }

  async #tick(): Promise<void> {
    const connections = [...this.#connections.values()];
    if (this.#ladder.choosing) await Promise.all(connections.map((each) => this.#count(each)));
    if (this.#ended) return;
    const facts = new Map<Transport, CarrierFacts>();
    for (const connection of connections.filter((each) => this.#has(each))) {
      const frames = this.#frames.get(connection) ?? 0;
      facts.set(connection.transport, { heardMs: connection.heardMs, frames });
    }
    this.#ladder.tick(performance.now(), facts);
    this.#letGo(performance.now());
    this.#changed();
  }

  /** What is typed between two carriers waits for the next one, but not for long: the appliance has let go by then. */
  #letGo(nowMs: number): void {
    this.#idleSinceMs = this.#active ? null : (this.#idleSinceMs ?? nowMs);
    const idleMs = this.#idleSinceMs === null ? 0 : nowMs - this.#idleSinceMs;
    if (idleMs < LIMITS.carrierTimeoutMs || !this.#input.active) return;
    this.#input.beginEpoch(0);
    this.#listener.control(0);
  }

  async #count(connection: Connection): Promise<void> {
    const counts = await connection.surface.counts().catch(() => null);
    if (counts && this.#has(connection)) this.#frames.set(connection, counts.frames);
  }

  #changed(): void {
    if (this.#why === this.#ladder.why) return;
    this.#why = this.#ladder.why;
    this.#listener.changed();
  }
}
