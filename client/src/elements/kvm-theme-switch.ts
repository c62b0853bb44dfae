import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseTheme, currentTheme, THEMES, type Theme } from '../controllers/theme.js';
import { baseStyles } from '../styles/base-styles.js';
import { controlStyles } from '../styles/control-styles.js';

const NAMES: Record<Theme, string> = { retro: 'Retro', light: 'Light', dark: 'Dark' };

/** Three themes, one pressed. */
@customElement('kvm-theme-switch')
export class KvmThemeSwitch extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      div {
        display: flex;
      }
      .btn {
        border-radius: 0;
        margin-left: -1px;
      }
      .btn:first-child {
        border-radius: var(--r-key) 0 0 var(--r-key);
        margin: 0;
      }
      .btn:last-child {
        border-radius: 0 var(--r-key) var(--r-key) 0;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const shown = currentTheme();
    return html`<div role="group" aria-label="Theme">
      ${THEMES.map(
        (theme) => html`<button
          class="btn sm"
          aria-pressed=${theme === shown ? 'true' : 'false'}
          @click=${() => this.#choose(theme)}
        >
          ${NAMES[theme]}
        </button>`,
      )}
    </div>`;
  }

  #choose(theme: Theme): void {
    chooseTheme(theme);
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-theme-switch': KvmThemeSwitch;
  }
}
