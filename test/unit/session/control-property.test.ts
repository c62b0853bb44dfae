import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silentLogger } from '../../../server/logger.js';
import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import type { ControlRequest } from '../../../server/protocol/control-messages.js';
import { encodeTransitions } from '../../../server/protocol/input-codec.js';
import { ROLES, type Role } from '../../../server/protocol/role.js';
import { ANSWER_MS } from '../../../server/session/control-desk.js';
import type { InputSource } from '../../../server/session/input-sink.js';
import type { Session } from '../../../server/session/session.js';
import { SessionManager } from '../../../server/session/session-manager.js';
import { DeskClock } from '../../fakes/desk-clock.js';
import { FakeCarrier } from '../../fakes/fake-carrier.js';
import { propertyRuns } from '../session-input/model/property-runs.js';

const PLACES = 4;
const IDLE_MS = 30_000;
const KEY_A = 0x04;

/** One viewer's place in a run: sessions come and go on it. */
interface Place {
  session: Session | null;
  carrier: FakeCarrier | null;
}

/** Real sessions and the real manager; carriers, video and clock are models. */
class ControlWorld {
  readonly clock = new DeskClock();
  readonly held = new Map<InputSource, number>();
  readonly places: Place[] = Array.from({ length: PLACES }, () => ({
    session: null,
    carrier: null,
  }));
  shared: boolean;
  readonly manager: SessionManager;

  constructor(shared: boolean) {
    this.shared = shared;
    this.manager = new SessionManager({
      sink: {
        key: (source, _usage, down) => this.#key(source as Session, down),
        button: () => {},
        move: () => {},
        releaseAll: (source) => this.held.delete(source),
      },
      video: { subscribe: () => () => {}, requestKeyframe: () => {} },
      maxViewers: PLACES,
      control: { shared, idleHandOverMs: IDLE_MS },
      timers: this.clock,
      nowUs: () => 0,
      readState: () => ({
        type: 'state',
        nowUs: 0,
        video: {
          signal: 'ok',
          width: 1,
          height: 1,
          frameRate: 1,
          bitrateBps: 0,
          lastPicture: null,
          failed: false,
        },
        hid: { state: 'configured', leds: null },
        target: { kind: 'simulated' },
      }),
      logger: silentLogger,
    });
  }

  get sessions(): Session[] {
    return this.places.flatMap(({ session }) => session ?? []);
  }

  act(code: number): void {
    const place = this.places[code & 3] as Place;
    const detail = code >>> 7;
    switch ((code >>> 2) & 15) {
      case 0:
      case 1:
        this.#come(place, detail);
        break;
      case 2:
        place.session?.end('session-ended');
        place.session = null;
        place.carrier = null;
        break;
      case 3:
        place.carrier?.close('connect-failed');
        if (place.session?.ended) place.session = null;
        place.carrier = null;
        break;
      case 4:
        if (place.session && !place.carrier) this.#connect(place);
        break;
      case 5:
      case 6:
      case 7:
        this.#press(place);
        break;
      case 8:
        this.clock.advance(detail % (IDLE_MS + ANSWER_MS));
        break;
      case 9:
        this.#changeRules(detail);
        break;
      default:
        this.#say(place, detail);
    }
  }

  /** Holds after each step: at most one has control, and only who has it holds keys. */
  check(): void {
    const inControl = this.sessions.filter((session) => session.inControl);
    if (!this.shared) assert.ok(inControl.length <= 1, 'two have control');
    for (const session of inControl) {
      assert.notEqual(session.role, 'watcher');
      assert.equal(session.watchOnly, false);
    }
    for (const source of this.held.keys()) {
      assert.ok((source as Session).inControl, 'a viewer without control holds a key');
      assert.ok((source as Session).interactive, 'a viewer that is away holds a key');
    }
    for (const { session, carrier } of this.places) {
      if (!session || !carrier) continue;
      // What the page was told is what is so.
      assert.equal(carrier.epoch !== 0, session.inControl && session.interactive);
    }
    if (!this.shared) return;
    for (const session of this.sessions) {
      if (session.interactive) assert.equal(session.inControl, session.role !== 'watcher');
    }
  }

  #come(place: Place, detail: number): void {
    place.session?.end('session-ended');
    const role = ROLES[detail % 3] as Role;
    place.session = this.manager.create({
      name: `user ${(detail >>> 2) % 3}`,
      role,
      loginId: `login ${detail % 5}`,
      watchOnly: detail % 7 === 0,
    });
    place.carrier = null;
    this.#connect(place);
  }

  /** Whoever keeps control when it is no longer shared goes on, with what is held, in the same epoch. */
  #changeRules(detail: number): void {
    const loginId = `login ${detail % 5}`;
    const epochs = this.places.map(({ carrier }) => carrier?.epoch);
    const shared = detail % 2 === 0;
    const own = this.sessions.filter((each) => each.loginId === loginId && each.interactive);
    const mayKeep = own.length > 0 && own.every(({ role }) => role !== 'watcher');
    const keeps = mayKeep && this.shared && !shared;
    this.shared = shared;
    this.manager.changeControl({ shared, idleHandOverMs: IDLE_MS }, loginId);
    this.places.forEach(({ session, carrier }, at) => {
      if (session?.inControl && epochs[at]) assert.equal(carrier?.epoch, epochs[at]);
    });
    if (keeps)
      assert.ok(
        own.some((each) => each.inControl),
        'who changed the rules lost control',
      );
  }

  #connect(place: Place): void {
    const interactive = !place.session?.watchOnly;
    if (place.session) place.carrier = new FakeCarrier('webrtc', interactive).open(place.session);
  }

  /** Presses a key with the last epoch that the page was told, or with one that it makes up. */
  #press({ session, carrier }: Place): void {
    if (!session || !carrier) return;
    const writer = new ByteWriter(64);
    encodeTransitions(
      {
        type: 'transitions',
        epoch: carrier.epoch === 0 ? 1 : carrier.epoch,
        firstSequence: 1,
        transitions: [{ kind: 'key', usage: KEY_A, down: true }],
        heldUsages: [KEY_A],
        heldButtons: 0,
      },
      writer,
    );
    session.carrierBinary(carrier, writer.finish(), 'reliable');
  }

  #say({ session, carrier }: Place, detail: number): void {
    if (!session || !carrier) return;
    const other = this.places[detail % PLACES]?.session?.publicId ?? 'nobody';
    const requests: ControlRequest[] = [
      { type: 'take-control' },
      { type: 'request-control' },
      { type: 'request-control' },
      { type: 'withdraw-request' },
      { type: 'grant-control', viewer: other },
      { type: 'refuse-control', viewer: other },
      { type: 'release-control' },
    ];
    session.carrierMessage(carrier, requests[(detail >>> 2) % requests.length] as ControlRequest);
  }

  #key(session: Session, down: boolean): void {
    assert.ok(session.inControl, 'input of a viewer without control');
    if (down) this.held.set(session, KEY_A);
    else this.held.delete(session);
  }
}

test('any interleaving: one in control, told so, and nothing held by anybody else', (context) => {
  const runs = propertyRuns(5);

  context.diagnostic(`MYKVM_SEED=${runs.seed}, ${runs.numRuns} runs`);
  const codes = fc.array(fc.nat(), { maxLength: 60, size: 'max' });
  const property = fc.property(fc.boolean(), codes, (shared, acts) => {
    const world = new ControlWorld(shared);
    try {
      for (const code of acts) {
        world.act(code);
        world.check();
      }
      // Nobody types any more: every request is answered, one idle time after the other at the latest.
      const asking = () => world.manager.viewers.filter((viewer) => viewer.asking).length;
      world.clock.advance(PLACES * (IDLE_MS + ANSWER_MS));
      world.check();
      assert.equal(asking(), 0, 'a request is never answered');
      assert.equal(world.clock.waiting, 0);
    } finally {
      world.manager.close();
    }
    assert.equal(world.held.size, 0, 'a key is held by nobody');
    assert.equal(world.manager.size, 0);
  });
  fc.assert(property, { ...runs, includeErrorInReport: true });
});
