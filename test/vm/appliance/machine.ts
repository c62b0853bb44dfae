import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { until } from '../../e2e/until.js';
import { ADDRESSES } from '../network.js';
import {
  type Answer,
  type Call,
  INSIDE_PORT,
  type InsideCalls,
  PAGE_PORT,
} from './inside-calls.js';

/** The machine that the appliance runs in, and the computer that it drives, as the tests outside reach them. */
export class Machine {
  /** Of the appliance's page. */
  readonly url = `https://${ADDRESSES.inside}:${PAGE_PORT}/`;
  readonly #socket: Socket;
  readonly #answers: AsyncIterableIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines: Interface = createInterface({ input: socket });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  static async connect(): Promise<Machine> {
    const socket = connect(INSIDE_PORT, ADDRESSES.inside);
    await once(socket, 'connect');
    return new Machine(socket);
  }

  /** Calls what {@link InsideCalls} has, one after the other. */
  async call<N extends keyof InsideCalls>(
    name: N,
    ...args: Parameters<InsideCalls[N]>
  ): Promise<Awaited<ReturnType<InsideCalls[N]>>> {
    const call = this.#last.then(() => this.#exchange({ name, args }));
    this.#last = call.catch(() => {});
    return (await call) as Awaited<ReturnType<InsideCalls[N]>>;
  }

  /** Waits until the host's input device has reported that many events, and returns all of them. */
  async events(fn: HidFunction, count: number): Promise<string[]> {
    let events: string[] = [];
    await until(
      `${count} events of the ${fn}`,
      async () => {
        events = await this.call('events', fn);
        return events.length >= count;
      },
      () => `There were: ${events.join(', ')}`,
    );
    return events;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #exchange(call: Call): Promise<unknown> {
    this.#socket.write(`${JSON.stringify(call)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the program inside has ended');
    const answer = JSON.parse(value) as Answer;
    if ('error' in answer) throw new Error(`${call.name}: ${answer.error}`);
    return answer.result;
  }
}
