import { concat } from './mp4-box.js';

type Step =
  | { readonly act: 'describe'; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly act: 'append'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly act: 'remove'; readonly endSeconds: number };

/** Puts segments into a video element through a media source of its own, in order; a source buffer takes one step at a time. */
export class SourceFeed {
  readonly #source: MediaSource;
  readonly #failed: () => void;
  readonly #scope = new AbortController();
  #buffer: SourceBuffer | null = null;
  #type: string | null = null;
  #steps: Step[] = [];

  /** `failed` is told once, and nothing is taken after that. */
  constructor(video: HTMLVideoElement, sources: typeof MediaSource, failed: () => void) {
    this.#source = new sources();
    this.#failed = failed;
    const { signal } = this.#scope;
    const url = URL.createObjectURL(this.#source);
    this.#source.addEventListener(
      'sourceopen',
      () => {
        URL.revokeObjectURL(url);
        this.#next();
      },
      { signal },
    );
    video.addEventListener('error', () => this.#fail(), { signal });
    video.src = url;
  }

  /** What follows is of this type and begins with this initialization segment. */
  describe(type: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#add({ act: 'describe', type, bytes });
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.#add({ act: 'append', bytes });
  }

  /** Forgets what is before this time. */
  removeBefore(endSeconds: number): void {
    this.#add({ act: 'remove', endSeconds });
  }

  close(): void {
    this.#scope.abort();
    this.#steps = [];
  }

  #add(step: Step): void {
    if (this.#scope.signal.aborted) return;
    this.#steps.push(step);
    this.#next();
  }

  #next(): void {
    if (this.#source.readyState !== 'open' || this.#buffer?.updating) return;
    const step = this.#steps.shift();
    if (!step) return;
    try {
      this.#take(step);
    } catch {
      // No memory is left, or the type is not taken after all.
      this.#fail();
    }
  }

  #take(step: Step): void {
    if (step.act === 'describe') this.#bufferFor(step.type).appendBuffer(step.bytes);
    else if (step.act === 'remove') this.#buffer?.remove(0, step.endSeconds);
    else this.#buffer?.appendBuffer(concat([step.bytes, ...this.#takeAppends()]));
  }

  /** What else waits to be appended goes in at once. */
  #takeAppends(): Uint8Array[] {
    const others: Uint8Array[] = [];
    while (this.#steps[0]?.act === 'append') {
      others.push(this.#steps[0].bytes);
      this.#steps.shift();
    }
    return others;
  }

  #bufferFor(type: string): SourceBuffer {
    if (this.#buffer) {
      if (type !== this.#type) this.#buffer.changeType(type);
    } else {
      const { signal } = this.#scope;
      this.#buffer = this.#source.addSourceBuffer(type);
      this.#buffer.addEventListener('updateend', () => this.#next(), { signal });
      this.#buffer.addEventListener('error', () => this.#fail(), { signal });
    }
    this.#type = type;
    return this.#buffer;
  }

  #fail(): void {
    if (this.#scope.signal.aborted) return;
    this.close();
    this.#failed();
  }
}
