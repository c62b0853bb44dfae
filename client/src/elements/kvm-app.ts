import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Layout, LayoutController } from '../controllers/layout-controller.js';
import { StoreController } from '../controllers/store-controller.js';
import { type ConsoleActions, type ConsoleState, INITIAL_STATE } from '../session/console-state.js';
import type { Store } from '../session/store.js';
import { appStyles } from '../styles/app-styles.js';
import { baseStyles } from '../styles/base-styles.js';
import './kvm-key-deck.js';
import './kvm-monitor.js';
import type { KvmMonitor } from './kvm-monitor.js';
import './kvm-rail.js';
import './kvm-strip.js';
import './kvm-tabs.js';
import type { Tab } from './kvm-tabs.js';
import './kvm-touch-keys.js';
import './kvm-tower.js';
import type { KvmTower } from './kvm-tower.js';
import { type ImageSettings, NEUTRAL_IMAGE } from './picture-filter.js';

/** What has the focus, through all shadow roots. */
function deepActiveElement(): HTMLElement | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}

/** The whole console: places its parts for the window's size and hands the one state down to them. */
@customElement('kvm-app')
export class KvmApp extends LitElement {
  static override styles = [baseStyles, appStyles];

  @property({ attribute: false }) store: Store<ConsoleState> | null = null;

  @property({ attribute: false }) actions: ConsoleActions | null = null;

  @state() private image: ImageSettings = NEUTRAL_IMAGE;

  @state() private drawerOpen = false;

  @state() private tab: Tab = 'keys';

  @query('kvm-monitor') private monitor!: KvmMonitor;

  @query('kvm-tower') private tower!: KvmTower;

  #opener: HTMLElement | null = null;
  readonly #state = new StoreController<ConsoleState>(this);
  readonly #layout = new LayoutController(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('store')) this.#state.store = this.store;
  }

  protected override render(): TemplateResult {
    const state = this.#state.value ?? INITIAL_STATE;
    const layout = this.#layout.value;
    const signedIn = state.userName !== null;
    this.setAttribute('layout', layout);
    this.toggleAttribute('signed-in', signedIn);
    // The monitor stays the same element in every layout: the session's picture lives in it.
    return html`<main
      @kvm-image=${this.#onImage}
      @kvm-drawer=${this.#toggleDrawer}
      @kvm-tab=${this.#onTab}
      @kvm-fullscreen=${this.#enterFullscreen}
    >
      <div class="left">
        <kvm-monitor
          .state=${state}
          .actions=${this.actions}
          .layout=${layout}
          .image=${this.image}
          ?drawerOpen=${this.drawerOpen}
        ></kvm-monitor>
        ${this.#below(state, layout)}
      </div>
      ${this.#tower(state, layout)}
      ${layout === 'portrait' && signedIn ? html`<kvm-tabs .tab=${this.tab}></kvm-tabs>` : nothing}
    </main>`;
  }

  /** Keys and what else goes with the picture. */
  #below(state: ConsoleState, layout: Layout): TemplateResult | typeof nothing {
    const { actions } = this;
    const phone = layout === 'portrait' || layout === 'landscape';
    if (phone && state.userName === null) return nothing;
    if (layout === 'portrait') {
      return html`<kvm-strip .state=${state} .actions=${actions}></kvm-strip>
        <kvm-touch-keys
          ?hidden=${this.tab !== 'keys'}
          .state=${state}
          .actions=${actions}
        ></kvm-touch-keys>`;
    }
    if (layout === 'landscape') {
      return html`<kvm-rail side="left" .state=${state} .actions=${actions}></kvm-rail>
        <kvm-rail
          side="right"
          ?fullscreen=${document.fullscreenEnabled}
          .state=${state}
          .actions=${actions}
        ></kvm-rail>`;
    }
    return html`<div class="stand" aria-hidden="true"></div>
      <kvm-key-deck .state=${state} .actions=${actions}></kvm-key-deck>`;
  }

  #tower(state: ConsoleState, layout: Layout): TemplateResult {
    const drawer = layout === 'narrow' || layout === 'landscape';
    const shown = drawer ? this.drawerOpen : layout === 'desktop' || this.tab === 'status';
    return html`<kvm-tower
      .state=${state}
      .actions=${this.actions}
      .image=${this.image}
      ?drawer=${drawer}
      ?phone=${layout === 'portrait' || layout === 'landscape'}
      ?hidden=${!shown || (layout !== 'desktop' && state.userName === null)}
      @keydown=${this.#onTowerKey}
    ></kvm-tower>`;
  }

  #onImage(event: CustomEvent<ImageSettings>): void {
    this.image = event.detail;
  }

  #onTab(event: CustomEvent<Tab>): void {
    this.tab = event.detail;
  }

  /** The focus goes into the drawer with it, and back to what opened it. */
  async #toggleDrawer(): Promise<void> {
    this.drawerOpen = !this.drawerOpen;
    if (this.drawerOpen) this.#opener = deepActiveElement();
    await this.updateComplete;
    if (this.drawerOpen) await this.tower.focusClose();
    else this.#opener?.focus();
  }

  #onTowerKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.drawerOpen) void this.#toggleDrawer();
  }

  async #enterFullscreen(): Promise<void> {
    await this.monitor.enterFullscreen();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-app': KvmApp;
  }
}
