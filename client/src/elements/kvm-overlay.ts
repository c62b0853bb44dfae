import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { overlayStyles } from '../styles/overlay-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import './kvm-boot.js';
import { type Overlay, overlayFor } from './overlay-for.js';

type Message = Extract<Overlay, { kind: 'message' }>;

const FACT_ICONS = { ok: 'check', warn: 'warn', bad: 'close' } as const;

/** What stands in the tube when there is no picture: the boot screen, or a card that says why. */
@customElement('kvm-overlay')
export class KvmOverlay extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, controlStyles, overlayStyles];

  protected override render(): TemplateResult {
    const overlay = overlayFor(this.state);
    this.toggleAttribute('covering', overlay !== null);
    const title = overlay?.kind === 'message' ? overlay.title : '';
    return html`
      <p class="sr" role="status">${title}</p>
      ${
        overlay === null
          ? null
          : overlay.kind === 'message'
            ? html`<div class=${overlay.facts.length > 0 ? 'glass late' : 'glass'}>
                ${this.#card(overlay)}
              </div>`
            : html`<kvm-boot .state=${this.state} .actions=${this.actions}></kvm-boot>`
      }
    `;
  }

  #card(card: Message): TemplateResult {
    return html`<section class=${card.facts.length === 0 && card.busy ? 'card brief' : 'card'}>
      <header>
        <span class="mark">${icon(card.icon)}</span>
        <div>
          <h2>${card.title}</h2>
          <p>${card.text}</p>
        </div>
        ${this.#button(card)}
      </header>
      ${
        card.facts.length === 0
          ? null
          : html`<ul class="facts">
              ${card.facts.map(
                ({ name, value, level }) => html`<li>
                  <span class="level ${level}">${icon(FACT_ICONS[level])}</span><b>${name}</b
                  ><span class="value">${value}</span>
                </li>`,
              )}
            </ul>`
      }
      ${
        card.tries.length === 0
          ? null
          : html`<ol>
              ${card.tries.map((text) => html`<li>${text}</li>`)}
            </ol>`
      }
      ${
        card.foot === null
          ? null
          : html`<footer>
              ${card.busy ? html`<span class="busy" aria-hidden="true"></span>` : null}${card.foot}
            </footer>`
      }
    </section>`;
  }

  #button({ button, title }: Message): TemplateResult | null {
    if (button === 'reload') {
      return html`<button class="btn go" @click=${() => location.reload()}>Reload</button>`;
    }
    if (button === 'power') {
      const label = title === 'Switched off' ? 'Switch on' : 'Connect again';
      return html`<button class="btn go" @click=${() => this.actions?.power()}>${label}</button>`;
    }
    return null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-overlay': KvmOverlay;
  }
}
