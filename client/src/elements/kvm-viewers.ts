import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import { type ViewerRow, viewersFor } from './viewers-for.js';

/** Who watches and who has control, with the button to take it or give it away. */
@customElement('kvm-viewers')
export class KvmViewers extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    css`
      li,
      .none {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 30px;
        font: var(--t-label);
      }
      .none {
        color: var(--ink-2);
      }
      li + li {
        border-top: 1px solid var(--rule);
      }
      ul {
        max-height: 124px;
        overflow-y: auto;
      }
      .who {
        display: grid;
        place-items: center;
        flex: none;
        width: 20px;
        height: 20px;
        border-radius: 4px;
        background: var(--panel-2);
        border: 1px solid var(--rule);
        font: 600 11px / 1 var(--font-print);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        display: flex;
        align-items: center;
        gap: 5px;
        margin-left: auto;
        font: 500 12px / 16px var(--font-print);
        color: var(--ink-2);
        white-space: nowrap;
      }
      .has .who {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }
      .has small {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const rows = viewersFor(this.state);
    const live = this.state.phase === 'live';
    return html`<section class="panel" aria-label="Viewers">
      <header>
        <h2 class="print grow">Viewers</h2>
        ${live ? this.#button() : null}
      </header>
      ${
        rows.length === 0
          ? html`<p class="none">${this.signedIn ? 'Shown while connected.' : 'Shown after sign-in.'}</p>`
          : html`<ul>${rows.map((row) => this.#row(row))}</ul>`
      }
    </section>`;
  }

  #button(): TemplateResult {
    return this.state.inControl
      ? html`<button class="btn sm" @click=${() => this.actions?.releaseControl()}>Give control</button>`
      : html`<button class="btn sm go" @click=${() => this.actions?.takeControl()}>Take control</button>`;
  }

  #row({ viewer, isYou }: ViewerRow): TemplateResult {
    return html`<li class=${viewer.inControl ? 'has' : ''}>
      <span class="who" aria-hidden="true">${viewer.name.slice(0, 1).toUpperCase()}</span>
      <span class="name">${viewer.name}${isYou ? ' (you)' : ''}</span>
      <small>
        ${
          viewer.inControl
            ? html`${icon('mouse')}In control`
            : viewer.carrier === 'none'
              ? 'Connecting'
              : html`${icon('eye')}Watching`
        }
      </small>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-viewers': KvmViewers;
  }
}
