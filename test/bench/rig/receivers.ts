import { until } from '../../e2e/until.js';
import { Child } from './child.js';
import type { ApplianceReady, ReceiverReply, ReceiverRequest } from './child-messages.js';

/** Viewers in a process of their own that take pictures and do not decode. */
export class Receivers {
  readonly #child = Child.fork('receivers-process.js');

  signIn({ url, claimCode }: ApplianceReady): Promise<unknown> {
    return this.#ask({ kind: 'sign-in', url, claimCode });
  }

  /** One more viewer; resolves when pictures arrive. */
  async join(): Promise<void> {
    const before = await this.#ask({ kind: 'join' });
    await until('pictures at the receivers', async () => {
      return (await this.count()).packets > before.packets;
    });
  }

  async leave(): Promise<void> {
    await this.#ask({ kind: 'leave' });
  }

  async leaveLast(): Promise<void> {
    await this.#ask({ kind: 'leave-last' });
  }

  /** Round trips of echoes over the first viewer's fast lane, in milliseconds. */
  async echo(durationMs: number): Promise<number[]> {
    const { roundTripsMs = [] } = await this.#ask({ kind: 'echo', durationMs });
    return roundTripsMs;
  }

  count(): Promise<{ packets: number; bytes: number }> {
    return this.#ask({ kind: 'count' });
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  async #ask(request: ReceiverRequest): Promise<Exclude<ReceiverReply, { error: string }>> {
    this.#child.process.send(request);
    const reply = (await this.#child.message()) as ReceiverReply;
    if ('error' in reply) throw new Error(reply.error);
    return reply;
  }
}
