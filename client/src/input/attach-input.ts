import type { InputSender } from './input-sender.js';
import { KeyboardSource, type KeyboardSourceOptions } from './keyboard-source.js';
import { pictureRect } from './picture-rect.js';
import { PointerSource } from './pointer-source.js';

export interface AttachInputOptions {
  /** Focusable; its last child shows the picture with `object-fit: contain`. */
  element: HTMLElement;
  sender: InputSender;
  /** Size of the picture in its own pixels; 0 before there is one. */
  pictureSize(): { width: number; height: number };
  /** The release key was tapped: the keyboard is to go back to the page. */
  onRelease(): void;
  /** KeyboardEvent.code of the release key; null for none. */
  releaseCode?: string | null;
}

/** Right Control: on every keyboard's edge and rarely used by itself. */
export const DEFAULT_RELEASE_CODE = 'ControlRight';

/**
 * Connects keyboard and pointer of the page to the target while `element` has the focus and this viewer has
 * control. Returns the function that takes them apart again and releases everything.
 */
export function attachInput(options: AttachInputOptions): () => void {
  const { element, sender, onRelease } = options;
  const releaseCode =
    options.releaseCode === undefined ? DEFAULT_RELEASE_CODE : options.releaseCode;
  const keyboard = new KeyboardSource(sender, { platform: platformOf(), releaseCode, onRelease });
  const pointer = new PointerSource(sender, () => {
    const surface = element.lastElementChild ?? element;
    return pictureRect(surface.getBoundingClientRect(), options.pictureSize());
  });
  const focused = (): boolean => element.matches(':focus');
  const letGo = (): void => {
    pointer.cancel();
    keyboard.blur();
  };
  // Inside a shadow tree the document names the host as the locked element.
  const locked = (): boolean =>
    (element.getRootNode() as Document | ShadowRoot).pointerLockElement === element;
  const scope = new AbortController();
  const { signal } = scope;

  element.addEventListener('keydown', (event) => keyboard.keyDown(event), { signal });
  element.addEventListener('keyup', (event) => keyboard.keyUp(event), { signal });
  element.addEventListener(
    'pointerdown',
    (event) => {
      element.focus({ preventScroll: true });
      keyboard.flush();
      // Not prevented: that would take away the mouse events whose prevention keeps back and forward from the page.
      if (!pointer.pointerDown(event)) return;
      if (!locked()) element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  const moved = (event: PointerEvent): void => {
    if (focused()) pointer.pointerMove(event);
  };
  element.addEventListener('pointermove', moved, { signal });
  element.addEventListener('pointerup', (event) => pointer.pointerUp(event), { signal });
  element.addEventListener('pointercancel', () => pointer.cancel(), { signal });
  element.addEventListener('lostpointercapture', () => pointer.cancel(), { signal });
  element.addEventListener(
    'wheel',
    (event) => {
      if (!focused()) return;
      keyboard.flush();
      if (pointer.wheel(event)) event.preventDefault();
    },
    { signal, passive: false },
  );
  // The target has its own menu, and back and forward are buttons of its mouse.
  for (const type of ['contextmenu', 'auxclick', 'mouseup', 'mousedown'] as const) {
    element.addEventListener(
      type,
      (event) => {
        if (sender.active) event.preventDefault();
      },
      { signal },
    );
  }
  element.addEventListener('blur', letGo, { signal });
  window.addEventListener('blur', letGo, { signal });
  window.addEventListener('pagehide', letGo, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.hidden) letGo();
    },
    { signal },
  );
  document.addEventListener(
    'pointerlockchange',
    () => {
      pointer.setRelative(locked());
      if (!locked()) letGo();
    },
    { signal },
  );
  return () => {
    scope.abort();
    letGo();
  };
}

function platformOf(): KeyboardSourceOptions['platform'] {
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) return 'mac';
  return navigator.userAgent.includes('Windows') ? 'windows' : 'other';
}
