import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConsoleActions } from '../session/console-state.js';
import { baseStyles } from '../styles/base-styles.js';
import { type ImageSettings, NEUTRAL_IMAGE, pictureFilter } from './picture-filter.js';

const PAN_MARGIN = 0.08;

/**
 * The remote screen: one focus stop that keyboard and pointer of the viewer belong to while it has focus. The
 * session puts its <video> or <canvas> into it as a child. Fires `kvm-release` when the keyboard is given back.
 */
@customElement('kvm-picture')
export class KvmPicture extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: relative;
        overflow: hidden;
        background: #000;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
      }
      :host(:focus-visible) {
        outline: 2px solid #59c7bf;
        outline-offset: 2px;
      }
      :host([typing]:focus) {
        cursor: none;
      }
      /* Positioned, so that a new surface waits behind the shown one: document order decides. */
      ::slotted(*) {
        position: relative;
        display: block;
        width: var(--exact-w, 100%);
        height: var(--exact-h, 100%);
        object-fit: contain;
        filter: var(--picture-filter, none);
      }
      :host([scale='exact']) {
        display: grid;
        place-content: safe center;
      }
    `,
  ];

  @property({ attribute: false }) actions: ConsoleActions | null = null;

  @property({ attribute: false }) image: ImageSettings = NEUTRAL_IMAGE;

  /** fit: the whole picture; exact: one picture pixel is one screen pixel, and the pointer pans. */
  @property({ reflect: true }) scale: 'fit' | 'exact' = 'fit';

  /** Size of the picture in its own pixels, for `exact`. */
  @property({ type: Number }) pictureWidth = 0;

  @property({ type: Number }) pictureHeight = 0;

  /** Input goes to the target, which draws its own pointer. */
  @property({ type: Boolean, reflect: true }) typing = false;

  #mounted: ConsoleActions | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.role = 'application';
    this.ariaLabel = 'Remote screen. Right Ctrl gives the keyboard back.';
    // Before the input hears of the same event: it reads where the picture stands.
    this.addEventListener('pointermove', this.#pan, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('pointermove', this.#pan, { capture: true });
  }

  /** Gives the keyboard back to the page: the release key was pressed. */
  releaseFocus(): void {
    this.blur();
    this.dispatchEvent(new Event('kvm-release', { bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.actions !== null && this.actions !== this.#mounted) {
      this.#mounted = this.actions;
      this.actions.mountPicture(this);
    }
    if (changed.has('image')) this.#set('--picture-filter', pictureFilter(this.image));
    const exact = this.scale === 'exact' && this.pictureWidth > 0;
    this.#set('--exact-w', exact ? `${this.pictureWidth / devicePixelRatio}px` : '');
    this.#set('--exact-h', exact ? `${this.pictureHeight / devicePixelRatio}px` : '');
  }

  /** The pointer's place in the window chooses the part that is seen; near an edge the picture's edge is. */
  readonly #pan = ({ clientX, clientY }: PointerEvent): void => {
    if (this.scale !== 'exact') return;
    const { left, top, width, height } = this.getBoundingClientRect();
    const part = (at: number, size: number): number =>
      Math.min(1, Math.max(0, (at / size) * (1 + 2 * PAN_MARGIN) - PAN_MARGIN));
    this.scrollLeft = part(clientX - left, width) * (this.scrollWidth - this.clientWidth);
    this.scrollTop = part(clientY - top, height) * (this.scrollHeight - this.clientHeight);
  };

  #set(name: string, value: string): void {
    if (value === '') this.style.removeProperty(name);
    else this.style.setProperty(name, value);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-picture': KvmPicture;
  }
}
