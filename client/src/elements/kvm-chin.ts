import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Layout } from '../controllers/layout-controller.js';
import { chinStyles } from '../styles/chin-styles.js';
import { controlStyles } from '../styles/control-styles.js';
import { ConsoleElement } from './console-element.js';
import { formatNumber } from './format.js';
import { icon } from './icon.js';
import './kvm-lamps.js';
import './kvm-notice.js';

/**
 * Below the tube: badge, the one line that says where keys go or what is wrong, and the view buttons. Fires
 * `kvm-scale`, `kvm-capture`, `kvm-fullscreen` and `kvm-drawer`.
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

  /** This browser can lock a mouse pointer. */
  @property({ type: Boolean }) capturable = false;

  /** The pointer is locked to the picture. */
  @property({ type: Boolean }) captured = false;

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
      <div class="middle">
        ${
          phone
            ? null
            : html`<kvm-notice
                .state=${this.state}
                .actions=${this.actions}
                ?focused=${this.focused}
                ?captured=${this.captured}
              ></kvm-notice>`
        }
      </div>
      ${
        phone
          ? html`<kvm-lamps dense .state=${this.state}></kvm-lamps>`
          : this.layout === 'narrow' && this.signedIn
            ? this.#drawerButton()
            : null
      }
      ${this.signedIn ? this.#viewButtons(phone) : null}
    </div>`;
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
      ${this.capturable && !phone ? this.#captureButton() : null}
      ${
        this.fullscreen
          ? html`<button class="btn sm" aria-label="Full screen" @click=${() => this.#fire('kvm-fullscreen')}>
              ${icon('full')}${phone ? null : 'Full screen'}
            </button>`
          : null
      }`;
  }

  #captureButton(): TemplateResult {
    return html`<button
      class="btn sm"
      aria-label="Capture the mouse"
      aria-pressed=${this.captured ? 'true' : 'false'}
      title="Capture the mouse: relative motion, for targets that ignore absolute positions"
      ?disabled=${!this.canType}
      @click=${() => this.#fire('kvm-capture')}
    >
      ${icon('mouse')}${this.layout === 'desktop' ? 'Capture' : null}
    </button>`;
  }

  #fire(name: 'kvm-capture' | 'kvm-scale' | 'kvm-fullscreen' | 'kvm-drawer'): void {
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-chin': KvmChin;
  }
}
