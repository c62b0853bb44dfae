import type { PictureSurface } from '../video/picture.js';

/**
 * The one place on the page where pictures are. While a new connection has no picture yet, the last picture of
 * the old one stays: the new surface comes to the front with its first picture.
 */
export class PictureMount {
  #host: HTMLElement | null = null;
  #shown: PictureSurface | null = null;
  #next: PictureSurface | null = null;

  setHost(host: HTMLElement): void {
    this.#host = host;
    if (this.#shown) host.append(this.#shown.element);
    if (this.#next) host.prepend(this.#next.element);
  }

  /** Mounts a surface behind what is shown. It must be in the document to get frame callbacks. */
  add(surface: PictureSurface): void {
    this.#next?.close();
    this.#next = surface;
    surface.element.style.position = 'absolute';
    surface.element.style.inset = '0';
    this.#host?.prepend(surface.element);
  }

  /** The newest surface has a picture: it replaces the old one. */
  bringToFront(): void {
    if (!this.#next) return;
    this.#shown?.close();
    this.#shown = this.#next;
    this.#shown.element.style.position = '';
    this.#shown.element.style.inset = '';
    this.#next = null;
  }

  get current(): PictureSurface | null {
    return this.#next ?? this.#shown;
  }

  clear(): void {
    this.#next?.close();
    this.#shown?.close();
    this.#next = null;
    this.#shown = null;
  }
}
