import type { Link } from './link.js';

/** Runs a link by the clock: hands over what arrives, when it arrives. */
export class LinkTimer<Packet> {
  readonly #link: Link<Packet>;
  readonly #arrived: (packet: Packet) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(link: Link<Packet>, arrived: (packet: Packet) => void) {
    this.#link = link;
    this.#arrived = arrived;
  }

  /** See {@link Link.offer}. */
  offer(packet: Packet, bytes: number): boolean {
    if (this.#closed) return false;
    const taken = this.#link.offer(packet, bytes, performance.now());
    this.#run();
    return taken;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    clearTimeout(this.#timer);
    for (const packet of this.#link.take(performance.now())) this.#arrived(packet);
    const nextMs = this.#link.nextMs;
    if (nextMs === null || this.#closed) return;
    this.#timer = setTimeout(() => this.#run(), Math.max(1, nextMs - performance.now()));
  }
}
