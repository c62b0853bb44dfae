import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';
import { controlFor } from './control-for.js';
import { lcdLines } from './lcd-lines.js';
import './kvm-notice.js';
import './kvm-power.js';
import './kvm-rung.js';
import { noticeFor } from './notice-for.js';

/** The LCD of a phone held upright: one row, the power button, and the notice when there is one. */
@customElement('kvm-strip')
export class KvmStrip extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    css`
      .row {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .lcd {
        flex: 1;
        min-width: 0;
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 0 10px;
        min-height: 54px;
        padding: 3px 8px;
        color: var(--lcd-ink);
        background: var(--lcd);
        border: var(--lcd-edge);
        border-radius: 5px;
        box-shadow: var(--lcd-shadow);
        font: var(--lcd-font);
        line-height: 20px;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        overflow: hidden;
      }
      @media (max-width: 375px) {
        kvm-rung {
          display: none;
        }
      }
      .number {
        font: var(--lcd-big);
        line-height: 30px;
      }
      kvm-rung {
        --rule: rgb(128 128 128 / 0.4);
        --accent: var(--lcd-ink);
      }
      kvm-power {
        padding: 1px;
      }
      kvm-notice {
        margin-top: 6px;
        padding: 0 8px;
        border-radius: 6px;
        background: var(--panel);
      }
      kvm-notice:not([hidden]) {
        min-height: 44px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { mode, latency, cells } = lcdLines(this.state);
    const cell = (name: string) => cells.find(([label]) => label === name)?.[1] ?? '';
    const { state, actions } = this;
    const notice = noticeFor(state, false);
    const asked = controlFor(state).askers.length > 0;
    const silent = !asked && (notice === null || (state.inControl && !notice.trouble));
    return html`<div class="row">
        <div class="lcd">
          <span><span class="number">${latency}</span> ms</span>
          <span>${mode}<br />${cell('FPS')} fps, ${cell('kbit/s')} kbit/s</span>
          <kvm-rung dense .state=${state}></kvm-rung>
        </div>
        <kvm-power .state=${state} .actions=${actions}></kvm-power>
      </div>
      <kvm-notice
        brief
        ?hidden=${silent}
        .state=${state}
        .actions=${actions}
      ></kvm-notice>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-strip': KvmStrip;
  }
}
