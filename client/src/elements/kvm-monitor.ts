import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FullscreenController } from '../controllers/fullscreen-controller.js';
import type { Layout } from '../controllers/layout-controller.js';
import { PointerLockController } from '../controllers/pointer-lock-controller.js';
import { monitorStyles } from '../styles/monitor-styles.js';
import { ConsoleElement } from './console-element.js';
import './kvm-chin.js';
import './kvm-overlay.js';
import './kvm-picture.js';
import type { KvmPicture } from './kvm-picture.js';
import { noticeFor } from './notice-for.js';
import { type ImageSettings, NEUTRAL_IMAGE } from './picture-filter.js';

const HINT_MS = 5000;

/** Case, bezel, tube and chin. In full screen only the tube is left, and a bar while there is something to say. */
@customElement('kvm-monitor')
export class KvmMonitor extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, monitorStyles];

  @property({ reflect: true }) layout: Layout = 'desktop';

  @property({ attribute: false }) image: ImageSettings = NEUTRAL_IMAGE;

  @property({ type: Boolean }) drawerOpen = false;

  @state() private scale: 'fit' | 'exact' = 'fit';

  @state() private focused = false;

  /** How to leave full screen, shown for a moment after entering. */
  @state() private leaveHint = false;

  @query('kvm-picture') private picture!: KvmPicture;

  readonly #fullscreen = new FullscreenController(this);
  readonly #pointerLock = new PointerLockController(this, () => this.picture);
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  protected override render(): TemplateResult {
    const { state, actions } = this;
    this.toggleAttribute('boot', state.phase === 'claim' || state.phase === 'login');
    return html`<div class="case">
      <div class="bezel">
        <div class="tube">
          <i class="beam" aria-hidden="true"></i>
          <kvm-picture
            .actions=${actions}
            .image=${this.image}
            .pictureWidth=${state.pictureWidth}
            .pictureHeight=${state.pictureHeight}
            scale=${this.scale}
            ?typing=${this.canType && state.hasPicture}
            @focus=${() => this.#onFocus(true)}
            @blur=${() => this.#onFocus(false)}
            @kvm-release=${this.#onRelease}
          ></kvm-picture>
          <kvm-overlay .state=${state} .actions=${actions}></kvm-overlay>
        </div>
      </div>
      ${
        this.#fullscreen.active
          ? this.#bar()
          : html`<kvm-chin
              .state=${state}
              .actions=${actions}
              .layout=${this.layout}
              .scale=${this.scale}
              ?focused=${this.focused}
              ?fullscreen=${this.#fullscreen.supported}
              ?capturable=${this.#pointerLock.supported}
              ?captured=${this.#pointerLock.active}
              ?drawerOpen=${this.drawerOpen}
              @kvm-scale=${this.#toggleScale}
              @kvm-capture=${this.#capturePointer}
            ></kvm-chin>`
      }
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Without control the pointer would move nothing at all.
    if (!this.canType) this.#pointerLock.leave();
    const before = changed.get('state');
    if (before === undefined || this.state.phase !== 'connecting') return;
    if (before.phase === 'off' || before.phase === 'ended') this.#flash();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#hintTimer);
  }

  /** Shows the picture on the whole screen, with the keyboard locked where the browser can. */
  async enterFullscreen(): Promise<void> {
    if (!(await this.#fullscreen.enter())) return;
    this.picture.focus();
    this.leaveHint = true;
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => {
      this.leaveHint = false;
    }, HINT_MS);
  }

  /** Below the picture, never over it: there only while there is something to say. */
  #bar(): TemplateResult | null {
    const notice = noticeFor(this.state, this.focused, this.#pointerLock.active);
    const leave = this.#fullscreen.locked ? 'Right Ctrl, or hold Esc' : 'Right Ctrl or Esc';
    if (notice?.trouble === true) return html`<p class="bar warn" role="status">${notice.text}</p>`;
    return this.leaveHint
      ? html`<p class="bar" role="status">Leave full screen: ${leave}</p>`
      : null;
  }

  async #capturePointer(): Promise<void> {
    this.picture.focus();
    await this.#pointerLock.enter();
  }

  #toggleScale(): void {
    this.scale = this.scale === 'fit' ? 'exact' : 'fit';
  }

  #onFocus(focused: boolean): void {
    this.focused = focused;
  }

  async #onRelease(): Promise<void> {
    this.#pointerLock.leave();
    await this.#fullscreen.leave();
    await this.updateComplete;
    const chin = this.renderRoot.querySelector('kvm-chin');
    chin?.renderRoot.querySelector('button')?.focus();
  }

  /** One flash of the beam behind the picture: it never delays or brightens a frame. */
  #flash(): void {
    const beam = this.renderRoot.querySelector('.beam');
    beam?.classList.remove('on');
    requestAnimationFrame(() => beam?.classList.add('on'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-monitor': KvmMonitor;
  }
}
