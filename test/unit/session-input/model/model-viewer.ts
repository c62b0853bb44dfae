import { InputSender } from '../../../../client/src/input/input-sender.js';
import { InputReceiver } from '../../../../server/session/input-receiver.js';
import type { InputSink, InputSource } from '../../../../server/session/input-sink.js';
import { type LinkFaults, ModelLink } from './model-link.js';
import type { Random } from './random.js';
import type { VirtualClock } from './virtual-clock.js';

/** The appliance notices a dead carrier by its missed pings. */
const CARRIER_TIMEOUT_MS = 3000;

/** What all viewers of one run share. */
export interface ViewerWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly sink: InputSink;
  readonly faults: LinkFaults;
  nextEpoch(): number;
}

/** A page and its session: the real sender and the real receiver, joined by a model of the carriers. */
export class ModelViewer implements InputSource {
  readonly id: string;
  readonly sender: InputSender;
  readonly #receiver: InputReceiver;
  readonly #world: ViewerWorld;
  /** The page's and the session's idea of the active carrier: they differ for a while. */
  #pageLink: ModelLink | null = null;
  #sessionLink: ModelLink | null = null;
  /** The carrier that the page moves to, until the appliance has answered on it. */
  #nextLink: ModelLink | null = null;
  #sessionEpoch = 0;
  #inControl = false;

  constructor(id: string, world: ViewerWorld) {
    this.id = id;
    this.#world = world;
    this.sender = new InputSender((bytes, lane) => {
      const link = this.#pageLink;
      if (!link || link.isCut) return false;
      const copy = bytes.slice();
      link.send('up', lane, () => {
        if (link !== this.#sessionLink) return;
        this.#receiver.receive(copy, lane, (reply, on) => {
          link.send('down', on, () => this.sender.receive(reply));
        });
      });
      return true;
    }, world.clock);
    this.#receiver = new InputReceiver(this, world.sink, {
      onProtocolError: (reason) => {
        throw new Error(`protocol error: ${reason}`);
      },
    });
  }

  get inControl(): boolean {
    return this.#inControl;
  }

  /** Attaches a new carrier; the old one, if any, delivers what is under way. */
  connect(): void {
    const link = new ModelLink(this.#world.clock, this.#world.random, this.#world.faults);
    this.#pageLink = link;
    this.#sessionLink = link;
    this.#nextLink = null;
    this.#tellEpoch();
  }

  /**
   * The page moves to a carrier that stands by; with `cut` because the old one has died, with what was under way.
   * Does nothing while a move is under way, or without a carrier.
   */
  move(cut: boolean): void {
    if (this.#nextLink || !this.#pageLink || !this.#sessionLink) return;
    const link = new ModelLink(this.#world.clock, this.#world.random, this.#world.faults);
    this.#nextLink = link;
    if (cut) this.#pageLink.cut();
    this.#use(link);
  }

  /** Control is given or taken by the session's owner. */
  setControl(inControl: boolean): void {
    if (this.#inControl === inControl) return;
    this.#inControl = inControl;
    if (this.#sessionLink) this.#tellEpoch();
  }

  /** The network dies. The page notices soon and comes back with a new carrier, the session after its timeout. */
  crash(noticeMs: number, backMs: number | null): void {
    const link = this.#pageLink;
    if (!link || link.isCut) return;
    link.cut();
    this.#world.clock.after(CARRIER_TIMEOUT_MS, () => {
      if (this.#sessionLink !== link) return;
      this.#sessionLink = null;
      this.#sessionEpoch = 0;
      this.#receiver.end();
    });
    this.#world.clock.after(noticeMs, () => {
      if (this.#pageLink !== link) return;
      this.#pageLink = null;
      this.sender.beginEpoch(0);
      if (backMs === null) return;
      this.#world.clock.after(backMs, () => {
        if (!this.#pageLink) this.connect();
      });
    });
  }

  heal(): void {
    this.#pageLink?.heal();
    this.#nextLink?.heal();
  }

  /** The session ends: logged out, for example. */
  end(): void {
    this.#receiver.end();
    this.#sessionLink?.cut();
    this.#nextLink?.cut();
    this.#sessionLink = null;
    this.#sessionEpoch = 0;
    this.#inControl = false;
  }

  /** What this viewer believes that the target holds for it: what its session must have when all is quiet. */
  held(): string[] {
    if (!this.#sessionLink || this.#sessionLink !== this.#pageLink || !this.#inControl) return [];
    const held = [...this.sender.heldUsages].map(String);
    for (let bit = 0; bit < 5; bit += 1) {
      if (this.sender.heldButtons & (1 << bit)) held.push(`button ${bit}`);
    }
    return held;
  }

  /** Session.#use and the page's answer to it. */
  #use(link: ModelLink): void {
    const continues = this.sender.epoch;
    link.send('up', 'reliable', () => {
      if (link !== this.#nextLink && link !== this.#pageLink) return;
      this.#sessionLink = link;
      if (!this.#inControl || continues === 0 || continues !== this.#sessionEpoch) {
        this.#tellEpoch();
        return;
      }
      const epoch = this.#world.nextEpoch();
      this.#sessionEpoch = epoch;
      this.#receiver.continueEpoch(epoch);
      link.send('down', 'reliable', () => {
        if (!this.#arrived(link) || this.sender.continueEpoch(epoch, continues)) return;
        this.#use(link);
      });
    });
  }

  /** The appliance answers on this carrier: it is the page's own from now on, unless there is a newer one. */
  #arrived(link: ModelLink): boolean {
    if (link === this.#nextLink) {
      this.#pageLink = link;
      this.#nextLink = null;
    }
    return link === this.#pageLink;
  }

  #tellEpoch(): void {
    const epoch = this.#inControl ? this.#world.nextEpoch() : 0;
    this.#sessionEpoch = epoch;
    // A session may release at the change or keep what is held until the page has told its state: both are safe.
    if (this.#world.random.chance(0.5)) this.#receiver.end();
    this.#receiver.beginEpoch(epoch);
    const link = this.#sessionLink;
    link?.send('down', 'reliable', () => {
      if (this.#arrived(link)) this.sender.beginEpoch(epoch);
    });
  }
}
