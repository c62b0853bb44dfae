import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { ACT_WORDS, controlFor, doAct } from './control-for.js';
import { icon } from './icon.js';
import { type ViewerRow, viewersFor } from './viewers-for.js';

function statusIcon(status: ViewerRow['status']): TemplateResult | null {
  if (status === 'In control') return icon('mouse');
  return status === 'Watching' || status === 'Player' ? icon('eye') : null;
}

/** Who watches, who has control and who asks for it, with what this viewer can do about it. */
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
      .note {
        font: 500 12px / 16px var(--font-print);
        color: var(--ink-2);
      }
      .asks .who {
        border-color: var(--warn);
        color: var(--warn);
      }
      .asks small {
        color: var(--warn);
        font-weight: 600;
      }
      .has small {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const rows = viewersFor(this.state);
    const { act, shared, watchesOnly } = controlFor(this.state);
    return html`<section class="panel" aria-label="Viewers">
      <header>
        <h2 class="print grow">Viewers</h2>
        ${act === null ? this.#note(shared, watchesOnly) : this.#button(act)}
      </header>
      ${
        rows.length === 0
          ? html`<p class="none">${this.signedIn ? 'Shown while connected.' : 'Shown after sign-in.'}</p>`
          : html`<ul>${rows.map((row) => this.#row(row))}</ul>`
      }
    </section>`;
  }

  #note(shared: boolean, watchesOnly: boolean): TemplateResult | null {
    if (watchesOnly) return html`<span class="note">You may only watch</span>`;
    return shared ? html`<span class="note">Everybody types</span>` : null;
  }

  #button(act: keyof typeof ACT_WORDS): TemplateResult {
    const go = act === 'take' || act === 'ask';
    return html`<button class="btn sm ${go ? 'go' : ''}" @click=${() => doAct(act, this.actions)}>
      ${ACT_WORDS[act]}
    </button>`;
  }

  #row(row: ViewerRow): TemplateResult {
    const { viewer, name, isYou, status } = row;
    return html`<li class=${viewer.inControl ? 'has' : viewer.asking ? 'asks' : ''}>
      <span class="who" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span>
      <span class="name" title=${name}>${name}${isYou ? ' (you)' : ''}</span>
      <small>${row.canReceive ? this.#answers(row) : html`${statusIcon(status)}${status}`}</small>
    </li>`;
  }

  #answers({ viewer, name, status }: ViewerRow): TemplateResult {
    const { actions } = this;
    return html`${status === 'Asks' ? status : null}
      <button
        class="btn sm ${viewer.asking ? 'go' : ''}"
        aria-label=${`Hand over to ${name}`}
        @click=${() => actions?.grantControl(viewer.id)}
      >
        Hand over
      </button>
      ${
        viewer.asking
          ? html`<button
              class="btn sm"
              aria-label=${`Say no to ${name}`}
              @click=${() => actions?.refuseControl(viewer.id)}
            >
              No
            </button>`
          : null
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-viewers': KvmViewers;
  }
}
