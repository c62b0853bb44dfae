import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LayoutController } from '../controllers/layout-controller.js';
import { StoreController } from '../controllers/store-controller.js';
import { type ConsoleActions, type ConsoleState, INITIAL_STATE } from '../session/console-state.js';
import type { Store } from '../session/store.js';
import { appStyles } from '../styles/app-styles.js';
import { baseStyles } from '../styles/base-styles.js';
import './kvm-key-deck.js';
import './kvm-monitor.js';
import './kvm-tower.js';
import { type ImageSettings, NEUTRAL_IMAGE } from './picture-filter.js';

/** The whole console: places its parts for the window's size and hands the one state down to them. */
@customElement('kvm-app')
export class KvmApp extends LitElement {
  static override styles = [baseStyles, appStyles];

  @property({ attribute: false }) store: Store<ConsoleState> | null = null;

  @property({ attribute: false }) actions: ConsoleActions | null = null;

  @state() private image: ImageSettings = NEUTRAL_IMAGE;

  @state() private drawerOpen = false;

  readonly #state = new StoreController<ConsoleState>(this);
  readonly #layout = new LayoutController(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('store')) this.#state.store = this.store;
  }

  protected override render(): TemplateResult {
    const state = this.#state.value ?? INITIAL_STATE;
    const layout = this.#layout.value;
    const { actions, image } = this;
    this.setAttribute('layout', layout);
    const drawer = layout !== 'desktop';
    return html`<main @kvm-image=${this.#onImage} @kvm-drawer=${this.#toggleDrawer}>
      <div class="left">
        <kvm-monitor
          .state=${state}
          .actions=${actions}
          .layout=${layout}
          .image=${image}
          ?drawerOpen=${this.drawerOpen}
        ></kvm-monitor>
        <div class="stand" aria-hidden="true"></div>
        <kvm-key-deck .state=${state} .actions=${actions}></kvm-key-deck>
      </div>
      <kvm-tower
        .state=${state}
        .actions=${actions}
        .image=${image}
        ?drawer=${drawer}
        ?hidden=${drawer && !this.drawerOpen}
        @keydown=${this.#onTowerKey}
      ></kvm-tower>
    </main>`;
  }

  #onImage(event: CustomEvent<ImageSettings>): void {
    this.image = event.detail;
  }

  #toggleDrawer(): void {
    this.drawerOpen = !this.drawerOpen;
  }

  #onTowerKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.drawerOpen = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-app': KvmApp;
  }
}
