import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * The lock of the mouse pointer to one element: while it lasts, motion is relative, for targets that do not take
 * absolute positions. Escape and the release key end it.
 */
export class PointerLockController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #element: () => Element | null;

  /** `element` gives what the pointer is locked to; it may lie in a shadow tree. */
  constructor(host: ReactiveControllerHost, element: () => Element | null) {
    this.#host = host;
    this.#element = element;
    host.addController(this);
  }

  get supported(): boolean {
    return 'requestPointerLock' in Element.prototype && matchMedia('(any-pointer: fine)').matches;
  }

  get active(): boolean {
    const element = this.#element();
    const root = element?.getRootNode() as Document | ShadowRoot | undefined;
    // Inside a shadow tree the document names the host as the locked element.
    return element !== null && root?.pointerLockElement === element;
  }

  /** Locks, after a click or key of the user. False when the browser refuses, as just after Escape. */
  async enter(): Promise<boolean> {
    // Older browsers return nothing and tell only by an event.
    return Promise.resolve(this.#element()?.requestPointerLock()).then(
      () => true,
      () => false,
    );
  }

  leave(): void {
    if (this.active) document.exitPointerLock();
  }

  hostConnected(): void {
    document.addEventListener('pointerlockchange', this.#onChange);
  }

  hostDisconnected(): void {
    document.removeEventListener('pointerlockchange', this.#onChange);
  }

  readonly #onChange = (): void => {
    this.#host.requestUpdate();
  };
}
