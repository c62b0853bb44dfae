import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Keyboard Lock API: not in every browser, and not in TypeScript's library. */
interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

const ESCAPE_GAP_MS = 500;

function keyboardLock(): KeyboardLock | null {
  const { keyboard } = navigator as Navigator & { keyboard?: KeyboardLock };
  return keyboard !== undefined && 'lock' in keyboard ? keyboard : null;
}

/**
 * Full screen of its host with the keyboard locked, so that Escape and Alt Tab go to the target. Where the
 * keyboard cannot be locked, three quick Escapes leave as well.
 */
export class FullscreenController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #locked = false;
  #escapes = 0;
  #lastEscapeMs = 0;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get supported(): boolean {
    return document.fullscreenEnabled;
  }

  get active(): boolean {
    return this.#host.matches(':fullscreen');
  }

  /** Escape goes to the target: only holding it leaves. */
  get locked(): boolean {
    return this.#locked;
  }

  /** Enters. False when the browser refuses. */
  async enter(): Promise<boolean> {
    const keyboard = keyboardLock();
    // Without the lock full screen is still worth having: Escape then leaves it.
    this.#locked = await Promise.resolve(keyboard?.lock()).then(
      () => keyboard !== null,
      () => false,
    );
    try {
      await this.#host.requestFullscreen({ navigationUI: 'hide' });
      return true;
    } catch {
      this.#unlock();
      return false;
    }
  }

  async leave(): Promise<void> {
    if (this.active) await document.exitFullscreen();
  }

  hostConnected(): void {
    document.addEventListener('fullscreenchange', this.#onChange);
    window.addEventListener('keydown', this.#onKeyDown, { capture: true });
  }

  hostDisconnected(): void {
    document.removeEventListener('fullscreenchange', this.#onChange);
    window.removeEventListener('keydown', this.#onKeyDown, { capture: true });
    this.#unlock();
  }

  #unlock(): void {
    if (this.#locked) keyboardLock()?.unlock();
    this.#locked = false;
  }

  readonly #onChange = (): void => {
    if (!this.active) this.#unlock();
    this.#host.requestUpdate();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (!this.active || this.#locked || event.repeat) return;
    const quick = event.timeStamp - this.#lastEscapeMs < ESCAPE_GAP_MS;
    this.#escapes = event.code !== 'Escape' ? 0 : quick ? this.#escapes + 1 : 1;
    this.#lastEscapeMs = event.timeStamp;
    if (this.#escapes >= 3) void this.leave();
  };
}
