import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '../styles/base-styles.js';
import { icon } from './icon.js';

const TABS = [
  { name: 'keys', label: 'Keys', icon: 'keyboard' },
  { name: 'status', label: 'Status', icon: 'stats' },
] as const;

/** Which half of the console a phone held upright shows below the picture. */
export type Tab = (typeof TABS)[number]['name'];

/** Tabs at the bottom edge. Fires `kvm-tab` with the {@link Tab}. */
@customElement('kvm-tabs')
export class KvmTabs extends LitElement {
  static override styles = [
    baseStyles,
    css`
      nav {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
        padding: 6px 8px max(8px, env(safe-area-inset-bottom));
        background: var(--case-bg);
        border-top: 1px solid var(--case-edge);
      }
      button {
        display: grid;
        place-items: center;
        align-content: center;
        gap: 4px;
        min-height: 48px;
        font: 500 12px / 14px var(--font-print);
        color: var(--ink);
        background: none;
        border: 0;
        border-radius: 6px;
        cursor: pointer;
      }
      button[aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
        background: var(--accent-wash);
      }
      .i {
        width: 20px;
        height: 20px;
      }
    `,
  ];

  @property() tab: Tab = 'keys';

  protected override render(): TemplateResult {
    return html`<nav aria-label="Below the picture">
      ${TABS.map(
        ({ name, label, icon: picture }) => html`<button
          aria-pressed=${name === this.tab ? 'true' : 'false'}
          @click=${() => this.#choose(name)}
        >
          ${icon(picture)}${label}
        </button>`,
      )}
    </nav>`;
  }

  #choose(detail: Tab): void {
    this.dispatchEvent(new CustomEvent('kvm-tab', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-tabs': KvmTabs;
  }
}
