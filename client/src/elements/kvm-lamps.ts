import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { lampStyles } from '../styles/lamp-styles.js';
import { ConsoleElement } from './console-element.js';
import { lampsFor } from './lamps-for.js';

/** PWR, SIG and HID with their words; `dense` leaves the lamps and keeps the words for screen readers. */
@customElement('kvm-lamps')
export class KvmLamps extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    lampStyles,
    css`
      ul {
        display: flex;
        justify-content: space-between;
        gap: 6px;
      }
      li {
        display: grid;
        grid-template-columns: 10px auto;
        column-gap: 6px;
        align-items: center;
      }
      b {
        font: var(--t-print);
        letter-spacing: var(--track);
      }
      .word {
        grid-column: 2;
        font: 500 12px / 15px var(--font-print);
        color: var(--ink-2);
        white-space: nowrap;
      }
      :host([dense]) ul {
        justify-content: center;
        gap: 7px;
      }
      :host([dense]) li {
        display: block;
      }
      :host([dense]) :is(b, .word) {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<ul aria-label="Lamps">
      ${lampsFor(this.state).map(
        ({ name, colour, word }) => html`<li title=${`${name}: ${word}`}>
          <span class="lamp ${colour}"></span><b>${name}</b><span class="word">${word}</span>
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-lamps': KvmLamps;
  }
}
