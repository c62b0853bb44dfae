import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from '../session/store.js';

/** Redraws its host whenever the store changes; subscribed exactly while the host is in the document. */
export class StoreController<T extends object> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #store: Store<T> | null = null;
  #connected = false;
  #unsubscribe: (() => void) | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The store to follow; setting another one leaves the old. */
  set store(store: Store<T> | null) {
    if (store === this.#store) return;
    this.#leave();
    this.#store = store;
    if (this.#connected) this.#follow();
  }

  get value(): T | null {
    return this.#store?.value ?? null;
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#leave();
  }

  #follow(): void {
    this.#unsubscribe ??= this.#store?.subscribe(() => this.#host.requestUpdate()) ?? null;
    this.#host.requestUpdate();
  }

  #leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }
}
