import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import './kvm-lamps.js';
import './kvm-notice.js';
import './kvm-power.js';
import { lcdLines } from './lcd-lines.js';

const KEYS = [
  { label: 'Esc', name: 'Escape', codes: ['Escape'] },
  { label: 'Tab', name: 'Tab', codes: ['Tab'] },
  { label: 'Enter', name: 'Enter', codes: ['Enter'] },
  { label: 'Meta', name: 'Meta', codes: ['MetaLeft'] },
  { label: 'A Tab', name: 'Alt Tab', codes: ['AltLeft', 'Tab'] },
  { label: 'C A D', name: 'Ctrl Alt Del', codes: ['ControlLeft', 'AltLeft', 'Delete'] },
] as const;

/** What stands in the black bars beside the picture of a phone held sideways. Fires `kvm-drawer`, `kvm-fullscreen`. */
@customElement('kvm-rail')
export class KvmRail extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    css`
      nav {
        height: 100%;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: safe center;
        gap: 5px;
        padding: 6px;
        overflow-y: auto;
        background: var(--case-bg);
      }
      :host([side='left']) nav {
        padding-left: max(6px, env(safe-area-inset-left));
      }
      :host([side='right']) nav {
        padding-right: max(6px, env(safe-area-inset-right));
      }
      .btn {
        flex: none;
        width: 52px;
        min-height: 44px;
        padding: 0;
        font-size: 13px;
      }
      .btn .i {
        width: 20px;
        height: 20px;
      }
      .latency {
        font: 500 12px / 14px var(--font-print);
        color: var(--ink-2);
        text-align: center;
      }
      .latency b {
        display: block;
        font: 600 20px / 22px var(--font-print);
        color: var(--ink);
      }
    `,
  ];

  @property({ reflect: true }) side: 'left' | 'right' = 'left';

  @property({ type: Boolean }) fullscreen = false;

  protected override render(): TemplateResult {
    return this.side === 'left' ? this.#keys() : this.#status();
  }

  #keys(): TemplateResult {
    return html`<nav aria-label="Keys">
      ${KEYS.map(
        ({ label, name, codes }) => html`<button
          class="btn"
          aria-label=${name}
          ?disabled=${!this.canType}
          @click=${() => this.actions?.sendChord(codes)}
        >
          ${label}
        </button>`,
      )}
    </nav>`;
  }

  #status(): TemplateResult {
    const { state, actions } = this;
    return html`<nav aria-label="Status and view">
      <span class="latency"><b>${lcdLines(state).latency}</b>ms</span>
      <kvm-lamps dense .state=${state}></kvm-lamps>
      <kvm-notice brief stacked .state=${state} .actions=${actions}></kvm-notice>
      ${this.#button('stats', 'Status, viewers and log', 'kvm-drawer')}
      ${this.fullscreen ? this.#button('full', 'Full screen', 'kvm-fullscreen') : null}
      <kvm-power .state=${state} .actions=${actions}></kvm-power>
    </nav>`;
  }

  #button(
    name: 'stats' | 'full',
    label: string,
    event: 'kvm-drawer' | 'kvm-fullscreen',
  ): TemplateResult {
    return html`<button
      class="btn"
      aria-label=${label}
      @click=${() => this.dispatchEvent(new Event(event, { bubbles: true, composed: true }))}
    >
      ${icon(name)}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-rail': KvmRail;
  }
}
