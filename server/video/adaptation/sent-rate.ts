/** Long enough for a mean over pictures, short enough to follow them. */
const WINDOW_MS = 500;

/** What went out lately, bits per second. */
export class SentRate {
  #sent: Array<{ atMs: number; bytes: number }> = [];

  sent(bytes: number, nowMs: number): void {
    this.#sent.push({ atMs: nowMs, bytes });
  }

  bitrateBps(nowMs: number): number {
    while (this.#sent[0] && nowMs - this.#sent[0].atMs >= WINDOW_MS) this.#sent.shift();
    const bytes = this.#sent.reduce((sum, each) => sum + each.bytes, 0);
    return (bytes * 8000) / WINDOW_MS;
  }
}
