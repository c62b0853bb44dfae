import { css, html, svg, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';
import { lcdLines } from './lcd-lines.js';

const BARS = 28;
const HEIGHT = 34;

/** The LCD: mode, latency with its last values, and six figures. No live region: the log is one. */
@customElement('kvm-lcd')
export class KvmLcd extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    css`
      :host {
        background: var(--lcd);
        color: var(--lcd-ink);
        border: var(--lcd-edge);
        border-radius: 5px;
        box-shadow: var(--lcd-shadow);
        padding: 6px 8px;
        font: var(--lcd-font);
        font-variant-ligatures: none;
        font-variant-numeric: tabular-nums;
      }
      .top {
        display: flex;
        justify-content: space-between;
        white-space: nowrap;
      }
      .big {
        display: flex;
        align-items: flex-end;
        gap: 8px;
        padding: 5px 0;
        margin: 4px 0;
        border-block: var(--lcd-rule);
      }
      .number {
        position: relative;
        min-width: 3ch;
        text-align: right;
        font: var(--lcd-big);
      }
      .number::before {
        content: '888';
        position: absolute;
        inset: 0;
        color: var(--lcd-ghost);
      }
      @media (forced-colors: active) {
        .number::before {
          display: none;
        }
      }
      svg {
        flex: 1;
        height: 34px;
        min-width: 0;
        fill: currentColor;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr auto 1fr;
        gap: 0 8px;
      }
      dd {
        text-align: right;
        white-space: nowrap;
      }
      dd:nth-of-type(odd) {
        padding-right: 6px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { mode, codec, latency, history, cells } = lcdLines(this.state);
    return html`
      <div class="top"><span>${mode}</span><span>${codec}</span></div>
      <div class="big" title="Capture to drawn">
        <span class="sr">Picture latency</span><span class="number">${latency}</span><span>ms</span>
        ${this.#bars(history)}
      </div>
      <dl>
        ${cells.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}
      </dl>
    `;
  }

  /** Newest at the right; the scale follows the highest value, but never below 40 ms. */
  #bars(history: readonly number[]): TemplateResult {
    const shown = history.slice(-BARS);
    const top = Math.max(40, ...shown);
    const first = BARS - shown.length;
    return html`<svg viewBox="0 0 ${BARS * 4 - 1} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${shown.map((value, at) => {
        const height = Math.max(1, (value / top) * HEIGHT);
        return svg`<rect x=${(first + at) * 4} y=${HEIGHT - height} width="3" height=${height} />`;
      })}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-lcd': KvmLcd;
  }
}
