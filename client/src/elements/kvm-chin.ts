import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Layout } from '../controllers/layout-controller.js';
import { chinStyles } from '../styles/chin-styles.js';
import { controlStyles } from '../styles/control-styles.js';
import { ConsoleElement } from './console-element.js';
import { formatNumber } from './format.js';
import { icon } from './icon.js';
import './kvm-lamps.js';
import { noticeFor } from './notice-for.js';

/**
 * Below the tube: badge, the one line that says where keys go or what is wrong, and the view buttons. Fires
 * `kvm-scale`, `kvm-fullscreen` and `kvm-drawer`.
 */
@customElement('kvm-chin')
export class KvmChin extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, controlStyles, chinStyles];

  @property({ reflect: true }) layout: Layout = 'desktop';

  @property() scale: 'fit' | 'exact' = 'fit';

  /** The picture has the keyboard. */
  @property({ type: Boolean }) focused = false;

  /** This browser has the Fullscreen API. */
  @property({ type: Boolean }) fullscreen = false;

  @property({ type: Boolean }) drawerOpen = false;

  protected override render(): TemplateResult {
    const phone = this.layout === 'portrait' || this.layout === 'landscape';
    return html`<div class="chin">
      <div class="badge">
        <span class="triad" aria-hidden="true"><i></i><i></i><i></i></span>MyKVM
        <small>2000 Professional</small>
      </div>
      ${
        this.state.remote?.target.kind === 'simulated' && this.state.phase === 'live'
          ? html`<span class="tag">Simulated target</span>`
          : null
      }
      <div class="middle" role="status">${phone ? null : this.renderNotice()}</div>
      ${
        phone
          ? html`<kvm-lamps dense .state=${this.state}></kvm-lamps>`
          : this.layout === 'narrow'
            ? this.#drawerButton()
            : null
      }
      ${this.signedIn ? this.#viewButtons(phone) : null}
    </div>`;
  }

  /** The line in the middle: control lost first, then the notice of the moment. */
  protected renderNotice(): TemplateResult | null {
    const { state, actions } = this;
    if (state.controlLost && state.phase === 'live' && !state.inControl) {
      return html`<span class="toast">
        ${state.controlHolder ?? 'Another viewer'} took control
        <button class="btn sm" @click=${() => actions?.takeControl()}>Take back</button>
        <button class="btn sm icon" aria-label="Dismiss" @click=${() => actions?.dismissControlLost()}>
          ${icon('close')}
        </button>
      </span>`;
    }
    const notice = noticeFor(state, this.focused);
    if (notice === null) return null;
    const watching = state.phase === 'live' && !state.inControl && !notice.trouble;
    return html`<span class="hint ${notice.level}">
        ${icon(notice.trouble ? 'warn' : watching ? 'eye' : 'mouse')}${notice.text}
      </span>
      ${
        watching
          ? html`<button class="btn sm" @click=${() => actions?.takeControl()}>Take control</button>`
          : null
      }`;
  }

  #drawerButton(): TemplateResult {
    const latency = formatNumber(this.state.phase === 'live' ? this.state.metrics.latencyMs : null);
    return html`<button
      class="btn sm"
      aria-expanded=${this.drawerOpen ? 'true' : 'false'}
      title="Status, viewers and log"
      @click=${() => this.#fire('kvm-drawer')}
    >
      ${icon('stats')}${latency} ms
    </button>`;
  }

  #viewButtons(phone: boolean): TemplateResult {
    const exact = this.scale === 'exact';
    return html`<button
        class="btn sm"
        aria-pressed=${exact ? 'true' : 'false'}
        title="One picture pixel is one screen pixel"
        @click=${() => this.#fire('kvm-scale')}
      >
        1:1
      </button>
      ${
        this.fullscreen
          ? html`<button class="btn sm" aria-label="Full screen" @click=${() => this.#fire('kvm-fullscreen')}>
              ${icon('full')}${phone ? null : 'Full screen'}
            </button>`
          : null
      }`;
  }

  #fire(name: 'kvm-scale' | 'kvm-fullscreen' | 'kvm-drawer'): void {
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-chin': KvmChin;
  }
}
