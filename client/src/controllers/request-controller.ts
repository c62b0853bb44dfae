import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A panel's requests to the appliance: one at a time, with what went wrong last. Redraws its host. */
export class RequestController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #busy = false;
  #error: string | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** A request is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Why the last one failed. Plain English. */
  get error(): string | null {
    return this.#error;
  }

  hostConnected(): void {}

  /** Makes the request unless another one is under way, and hands its reply on. True when it went well. */
  async run<T>(request: () => Promise<T>, done: (reply: T) => void = () => {}): Promise<boolean> {
    if (this.#busy) return false;
    this.#show(true, null);
    try {
      done(await request());
      this.#show(false, null);
      return true;
    } catch (error) {
      this.#show(false, (error as Error).message);
      return false;
    }
  }

  #show(busy: boolean, error: string | null): void {
    this.#busy = busy;
    this.#error = error;
    this.#host.requestUpdate();
  }
}
