import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** desktop: tower beside; narrow: tower as a drawer; portrait and landscape: phones. */
export type Layout = 'desktop' | 'narrow' | 'portrait' | 'landscape';

const QUERIES: ReadonlyArray<[Layout, string]> = [
  ['portrait', '(max-width: 640px) and (orientation: portrait)'],
  ['landscape', '(max-height: 500px) and (orientation: landscape)'],
  ['narrow', '(max-width: 1180px), (max-aspect-ratio: 1/1)'],
];

/** Follows the size of the window and redraws its host when another layout fits. */
export class LayoutController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #queries = QUERIES.map(([layout, query]) => ({ layout, list: matchMedia(query) }));
  readonly #onChange = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The first layout whose query matches. */
  get value(): Layout {
    return this.#queries.find(({ list }) => list.matches)?.layout ?? 'desktop';
  }

  hostConnected(): void {
    for (const { list } of this.#queries) list.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    for (const { list } of this.#queries) list.removeEventListener('change', this.#onChange);
  }
}
