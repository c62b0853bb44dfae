import type { PictureSurface } from '../video/picture.js';

/**
 * The one place on the page where pictures are. Surfaces wait behind the one that is shown; one that has ended
 * stays in sight with its last picture until another one is shown, so that there is never nothing.
 */
export class PictureMount {
  #host: HTMLElement | null = null;
  readonly #surfaces = new Set<PictureSurface>();
  readonly #ended = new Set<PictureSurface>();
  #front: PictureSurface | null = null;

  setHost(host: HTMLElement): void {
    this.#host = host;
    for (const surface of this.#surfaces) {
      if (surface !== this.#front) host.prepend(surface.element);
    }
    if (this.#front) host.append(this.#front.element);
  }

  /** Mounts a surface behind what is shown. It must be in the document to get frame callbacks. */
  add(surface: PictureSurface): void {
    this.#surfaces.add(surface);
    this.#putBehind(surface);
  }

  /** The shown surface, live or ended; null before the first. */
  get front(): PictureSurface | null {
    return this.#front;
  }

  /** Whether what is shown is only the last picture of what has ended. */
  get frozen(): boolean {
    return this.#front === null || this.#ended.has(this.#front);
  }

  /** This surface has a picture and is the one to see. */
  show(surface: PictureSurface): void {
    const before = this.#front;
    if (surface === before || !this.#surfaces.has(surface)) return;
    this.#front = surface;
    const { style } = surface.element;
    style.position = '';
    style.inset = '';
    if (before && this.#ended.has(before)) this.#drop(before);
    // In the document the last one is the one that is seen: moving the others keeps this one playing.
    for (const other of this.#surfaces) if (other !== surface) this.#putBehind(other);
  }

  /** The surface gets no more pictures: the mount closes it, at once or when another one is shown. */
  end(surface: PictureSurface): void {
    if (!this.#surfaces.has(surface)) return;
    this.#ended.add(surface);
    if (surface !== this.#front) this.#drop(surface);
  }

  clear(): void {
    for (const surface of this.#surfaces) surface.close();
    this.#surfaces.clear();
    this.#ended.clear();
    this.#front = null;
  }

  #putBehind(surface: PictureSurface): void {
    const { style } = surface.element;
    style.position = 'absolute';
    style.inset = '0';
    this.#host?.prepend(surface.element);
    surface.moved();
  }

  #drop(surface: PictureSurface): void {
    this.#surfaces.delete(surface);
    this.#ended.delete(surface);
    surface.close();
  }
}
