import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import './kvm-display-panel.js';
import './kvm-image-panel.js';
import './kvm-lamps.js';
import './kvm-lcd.js';
import './kvm-log.js';
import './kvm-network-panel.js';
import './kvm-power.js';
import './kvm-rung.js';
import './kvm-theme-switch.js';
import './kvm-usb-panel.js';
import './kvm-viewers.js';
import { type ImageSettings, NEUTRAL_IMAGE } from './picture-filter.js';

/** The control tower: everything that reports, and the power button. */
@customElement('kvm-tower')
export class KvmTower extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    css`
      aside {
        height: 100%;
        min-height: 0;
        padding: 14px;
        display: flex;
        flex-direction: column;
        gap: 10px;
        overflow: hidden auto;
        border-radius: var(--r-box);
      }
      .title {
        display: flex;
        align-items: center;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 1px 2px 2px;
      }
      kvm-lamps {
        flex: 1;
        min-width: 0;
        padding-right: 4px;
      }
      .metrics {
        padding: 10px;
      }
      kvm-rung {
        margin-top: 8px;
      }
      kvm-log {
        flex: 1;
        min-height: 120px;
      }
      .foot {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .vents {
        flex: 1;
        height: 22px;
        background: var(--vents);
        border-radius: 2px;
        opacity: 0.85;
      }
      :host([drawer]) aside {
        border-radius: 0;
      }
      :host([drawer]) kvm-log,
      :host([phone]) kvm-log {
        flex: 1 0 200px;
      }
      :host([phone]) aside {
        border-radius: 14px;
      }
      :host([phone]) :is(.head, kvm-image-panel, kvm-display-panel, kvm-usb-panel, kvm-network-panel, kvm-viewers, .metrics, .foot),
      :host([drawer]) :is(.head, kvm-image-panel, kvm-display-panel, kvm-usb-panel, kvm-network-panel, kvm-viewers, .metrics, .foot) {
        flex: none;
      }
      @media (max-height: 780px) {
        aside {
          gap: 8px;
          padding: 10px;
        }
      }
    `,
  ];

  /** Slid in over the right edge, with a button to close it. */
  @property({ type: Boolean, reflect: true }) drawer = false;

  @property({ attribute: false }) image: ImageSettings = NEUTRAL_IMAGE;

  protected override render(): TemplateResult {
    const { state, actions } = this;
    return html`<aside class="case" aria-label="Status">
      ${this.drawer ? this.#title() : null}
      <div class="head">
        <kvm-lamps .state=${state}></kvm-lamps>
        <kvm-power .state=${state} .actions=${actions}></kvm-power>
      </div>
      <section class="panel metrics" aria-label="Metrics">
        <kvm-lcd .state=${state}></kvm-lcd>
        <kvm-rung .state=${state} .actions=${actions}></kvm-rung>
      </section>
      <kvm-image-panel .image=${this.image}></kvm-image-panel>
      ${
        state.remote?.target.kind === 'hardware'
          ? html`<kvm-display-panel .state=${state} .actions=${actions}></kvm-display-panel>
              <kvm-usb-panel .state=${state} .actions=${actions}></kvm-usb-panel>`
          : null
      }
      <kvm-viewers .state=${state} .actions=${actions}></kvm-viewers>
      <kvm-network-panel .state=${state}></kvm-network-panel>
      <kvm-log .state=${state}></kvm-log>
      <div class="foot">
        <kvm-theme-switch></kvm-theme-switch>
        <span class="vents" aria-hidden="true"></span>
        ${
          this.signedIn
            ? html`<button class="btn sm" title=${`Signed in as ${state.userName}`} @click=${this.#logout}>
                Sign out
              </button>`
            : null
        }
      </div>
    </aside>`;
  }

  /** Puts the focus on the close button of the drawer. */
  async focusClose(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLButtonElement>('.title button')?.focus();
  }

  #title(): TemplateResult {
    return html`<header class="title">
      <h2 class="print grow">Status</h2>
      <button class="btn sm" @click=${this.#close}>${icon('close')}Close</button>
    </header>`;
  }

  #close(): void {
    this.dispatchEvent(new Event('kvm-drawer', { bubbles: true, composed: true }));
  }

  #logout(): void {
    void this.actions?.logout();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-tower': KvmTower;
  }
}
