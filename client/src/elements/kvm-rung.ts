import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { TransportSetting } from '../session/console-state.js';
import { controlStyles } from '../styles/control-styles.js';
import { ConsoleElement } from './console-element.js';
import { rungFor } from './rung-for.js';

const SETTINGS: ReadonlyArray<[TransportSetting, string]> = [
  ['auto', 'Best'],
  ['webrtc', 'WebRTC'],
  ['websocket', 'WebSocket'],
];

/** Which way the picture comes, as bars and in words, why it is not the better one, and which one is wanted. */
@customElement('kvm-rung')
export class KvmRung extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    css`
      .chip {
        display: flex;
        align-items: center;
        gap: 9px;
        font: 500 14px / 20px var(--font-print);
        white-space: nowrap;
      }
      .bars {
        display: flex;
        align-items: flex-end;
        gap: 2px;
        height: 14px;
      }
      .bars i {
        width: 4px;
        border-radius: 1px;
        background: var(--rule);
      }
      .bars i:nth-child(1) {
        height: 5px;
      }
      .bars i:nth-child(2) {
        height: 8px;
      }
      .bars i:nth-child(3) {
        height: 11px;
      }
      .bars i:nth-child(4) {
        height: 14px;
      }
      .bars .on {
        background: var(--accent);
      }
      .trip {
        margin-left: auto;
        color: var(--ink-2);
        font-variant-numeric: tabular-nums;
      }
      p {
        margin-top: 4px;
        font: var(--t-small);
        color: var(--ink-2);
      }
      .wanted {
        display: flex;
        margin-top: 6px;
      }
      .wanted .btn {
        flex: 1;
        margin-left: -1px;
        border-radius: 0;
      }
      .wanted .btn:first-child {
        margin: 0;
        border-radius: var(--r-key) 0 0 var(--r-key);
      }
      .wanted .btn:last-child {
        border-radius: 0 var(--r-key) var(--r-key) 0;
      }
      :host([dense]) :is(p, .trip, .wanted) {
        display: none;
      }
      :host([dense]) .name {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { bars, name, note, trip } = rungFor(this.state);
    return html`
      <div class="chip">
        <span class="bars" aria-hidden="true">
          ${[1, 2, 3, 4].map((bar) => html`<i class=${bar <= bars ? 'on' : ''}></i>`)}
        </span>
        <span class="name">${name}</span>
        <span class="trip" title="Round trip of the data channel">${trip}</span>
      </div>
      ${note === null ? null : html`<p>${note}</p>`}
      <div class="wanted" role="group" aria-label="Way to the appliance">
        ${SETTINGS.map(([setting, words]) => this.#button(setting, words))}
      </div>
    `;
  }

  #button(setting: TransportSetting, words: string): TemplateResult {
    const chosen = this.state.transportSetting === setting;
    return html`<button
      class="btn sm"
      aria-pressed=${chosen ? 'true' : 'false'}
      @click=${() => {
        if (!chosen) this.actions?.chooseTransport(setting);
      }}
    >
      ${words}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-rung': KvmRung;
  }
}
