import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { towerStyles } from '../styles/tower-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import './kvm-accounts.js';
import './kvm-control-panel.js';
import './kvm-display-panel.js';
import './kvm-image-panel.js';
import './kvm-lamps.js';
import './kvm-lcd.js';
import './kvm-log.js';
import './kvm-network-panel.js';
import './kvm-password-form.js';
import './kvm-power.js';
import './kvm-rung.js';
import './kvm-theme-switch.js';
import './kvm-usb-panel.js';
import './kvm-viewers.js';
import { type ImageSettings, NEUTRAL_IMAGE } from './picture-filter.js';
import { pageForKey, type TowerPage, type TowerPageName, towerPages } from './tower-pages.js';

/** The control tower: what reports and the power button always in sight, and one of several pages below. */
@customElement('kvm-tower')
export class KvmTower extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, controlStyles, panelStyles, towerStyles];

  /** Slid in over the right edge, with a button to close it. */
  @property({ type: Boolean, reflect: true }) drawer = false;

  /** Room for one page only: what reports stands on the first one. */
  @property({ type: Boolean, reflect: true }) phone = false;

  @property({ attribute: false }) image: ImageSettings = NEUTRAL_IMAGE;

  @state() private wanted: TowerPageName = 'console';

  protected override willUpdate(): void {
    // Whoever signs in next begins at the first page.
    if (!this.signedIn) this.wanted = 'console';
  }

  protected override render(): TemplateResult {
    const pages = towerPages(this.state);
    const shown = pages.find(({ name }) => name === this.wanted)?.name ?? 'console';
    return html`<aside class="case" aria-label="Status">
      ${this.drawer && !this.phone ? this.#title() : null}
      ${this.phone ? null : this.#reports()}
      <div class="bar">
        <div class="tabs" role="tablist" aria-label="Pages of the tower" @keydown=${this.#onKey}>
          ${pages.map((page) => this.#tab(page, shown))}
        </div>
        ${this.drawer && this.phone ? this.#smallClose() : null}
      </div>
      ${pages.map(
        ({ name, label }) => html`<div
          id=${`page-${name}`}
          class="page"
          role="tabpanel"
          aria-label=${label}
          ?hidden=${name !== shown}
        >
          ${this.#page(name, name === shown)}
        </div>`,
      )}
      ${this.phone ? null : this.#foot()}
    </aside>`;
  }

  /** Puts the focus on the close button of the drawer. */
  async focusClose(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLButtonElement>('.close')?.focus();
  }

  #title(): TemplateResult {
    return html`<header class="title">
      <h2 class="print grow">Status</h2>
      <button class="btn sm close" @click=${this.#close}>${icon('close')}Close</button>
    </header>`;
  }

  #smallClose(): TemplateResult {
    return html`<button class="btn icon close" aria-label="Close" @click=${this.#close}>
      ${icon('close')}
    </button>`;
  }

  #reports(): TemplateResult {
    const { state, actions } = this;
    return html`<div class="head">
        <kvm-lamps .state=${state}></kvm-lamps>
        ${this.phone ? null : html`<kvm-power .state=${state} .actions=${actions}></kvm-power>`}
      </div>
      <section class="panel metrics" aria-label="Metrics">
        <kvm-lcd .state=${state}></kvm-lcd>
        <kvm-rung .state=${state} .actions=${actions}></kvm-rung>
        ${this.#problems.map((problem) => html`<p class="problem" role="status">${problem}</p>`)}
      </section>`;
  }

  /** What is wrong with the STUN and TURN servers: always in sight. */
  get #problems(): readonly string[] {
    return this.state.remote?.iceProblems ?? [];
  }

  #tab({ name, label, icon: picture }: TowerPage, shown: TowerPageName): TemplateResult {
    const selected = name === shown;
    const troubled = name === 'network' && this.#problems.length > 0;
    return html`<button
      class="tab"
      role="tab"
      aria-label=${troubled ? `${label}, trouble` : nothing}
      aria-selected=${selected ? 'true' : 'false'}
      aria-controls=${`page-${name}`}
      tabindex=${selected ? 0 : -1}
      @click=${() => this.#show(name)}
    >
      ${icon(picture)}${label}${troubled ? html`<span class="mark" aria-hidden="true">!</span>` : nothing}
    </button>`;
  }

  #page(name: TowerPageName, shown: boolean): TemplateResult {
    const { state, actions } = this;
    switch (name) {
      case 'console':
        return html`${this.phone ? this.#reports() : null}
          <kvm-viewers .state=${state} .actions=${actions}></kvm-viewers>
          <kvm-log .state=${state}></kvm-log>
          ${this.phone ? this.#foot() : null}`;
      case 'image':
        return html`<kvm-image-panel .image=${this.image}></kvm-image-panel>`;
      case 'target':
        return html`<kvm-display-panel .state=${state} .actions=${actions} ?shown=${shown}></kvm-display-panel>
          <kvm-usb-panel .state=${state} .actions=${actions} ?shown=${shown}></kvm-usb-panel>`;
      case 'network':
        return html`<kvm-network-panel .state=${state} ?shown=${shown}></kvm-network-panel>`;
      case 'people':
        return html`${
          state.role === 'owner'
            ? html`<kvm-accounts .state=${state} ?shown=${shown}></kvm-accounts>
                  <kvm-control-panel .state=${state} ?shown=${shown}></kvm-control-panel>`
            : null
        }
          <kvm-password-form .state=${state}></kvm-password-form>`;
    }
  }

  #foot(): TemplateResult {
    return html`<div class="foot">
      <kvm-theme-switch></kvm-theme-switch>
      <span class="vents" aria-hidden="true"></span>
      ${
        this.signedIn
          ? html`<button
              class="btn sm"
              title=${`Signed in as ${this.state.userName}`}
              @click=${() => this.actions?.logout()}
            >
              Sign out
            </button>`
          : null
      }
    </div>`;
  }

  #show(name: TowerPageName): void {
    this.wanted = name;
  }

  async #onKey(event: KeyboardEvent): Promise<void> {
    const pages = towerPages(this.state);
    const selected = this.renderRoot.querySelector('[aria-selected=true]');
    const at = pages.findIndex(
      ({ name }) => selected?.getAttribute('aria-controls') === `page-${name}`,
    );
    const to = pageForKey(pages, pages[at]?.name ?? 'console', event.key);
    if (to === null) return;
    event.preventDefault();
    this.#show(to);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }

  #close(): void {
    this.dispatchEvent(new Event('kvm-drawer', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-tower': KvmTower;
  }
}
