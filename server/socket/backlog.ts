/** One picture on its way: its number, its place in the byte stream and when it was sent. */
interface Sent {
  number: number;
  sentMs: number;
}

/**
 * How far a viewer on a WebSocket is behind: the age of the oldest picture it has not acknowledged, less the
 * shortest time that an acknowledgement has ever taken on this connection. Kernel buffers hide what has been
 * sent from what has arrived, so only the viewer's word counts.
 */
export class Backlog {
  #sent: Sent[] = [];
  #shortestMs = Number.POSITIVE_INFINITY;

  sent(number: number, nowMs: number): void {
    this.#sent.push({ number, sentMs: nowMs });
  }

  /** All pictures up to `number` have arrived. Numbers that were never sent change nothing. */
  acknowledged(number: number, nowMs: number): void {
    let count = 0;
    while (count < this.#sent.length && (this.#sent[count]?.number ?? 0) <= number) count++;
    const last = this.#sent[count - 1];
    if (!last) return;
    this.#shortestMs = Math.min(this.#shortestMs, nowMs - last.sentMs);
    this.#sent.splice(0, count);
  }

  /** Milliseconds of backlog now; 0 when everything has arrived. */
  ms(nowMs: number): number {
    const oldest = this.#sent[0];
    if (!oldest) return 0;
    const floorMs = Number.isFinite(this.#shortestMs) ? this.#shortestMs : 0;
    return Math.max(0, nowMs - oldest.sentMs - floorMs);
  }

  get empty(): boolean {
    return this.#sent.length === 0;
  }
}
