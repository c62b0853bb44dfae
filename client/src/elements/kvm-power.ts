import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';

/** Connects and disconnects this viewer; the target is never touched. */
@customElement('kvm-power')
export class KvmPower extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    css`
      button {
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        margin: 5px;
        padding: 0;
        color: var(--ink);
        border: 1px solid var(--face-edge);
        border-radius: 50%;
        background: var(--face);
        box-shadow: var(--power-ring), var(--bevel-out);
        cursor: pointer;
      }
      .i {
        width: 20px;
        height: 20px;
        stroke-width: 2;
      }
      button[aria-pressed='true'] {
        color: var(--accent);
        background: var(--face-down);
        box-shadow: var(--power-ring), inset 0 2px 4px rgb(50 44 20 / 0.35);
      }
      button:hover:not(:disabled) {
        background: var(--face-hover);
      }
      button:disabled {
        color: var(--ink-2);
        cursor: default;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { phase } = this.state;
    const on = phase === 'live' || phase === 'connecting' || phase === 'reconnecting';
    const label = on ? 'Disconnect' : 'Connect';
    return html`<button
      aria-pressed=${on ? 'true' : 'false'}
      aria-label=${label}
      title=${`${label}. The target is not touched.`}
      ?disabled=${!this.signedIn}
      @click=${() => this.actions?.power()}
    >
      ${icon('power')}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-power': KvmPower;
  }
}
