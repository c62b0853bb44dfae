import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import { controlStyles } from '../styles/control-styles.js';
import { ConsoleElement } from './console-element.js';
import { ACT_WORDS, controlFor, doAct } from './control-for.js';
import { icon } from './icon.js';
import { controlTaken, noticeFor } from './notice-for.js';

/** The one line beside the picture: control lost, trouble, or where the keys go. Never over the picture. */
@customElement('kvm-notice')
export class KvmNotice extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    css`
      :host,
      .line {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 10px;
        min-width: 0;
      }
      .hint {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        font: var(--t-small);
        color: var(--ink-2);
      }
      .warn {
        font-weight: 600;
        color: var(--warn);
      }
      .toast {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 36px;
        padding: 3px 5px 3px 12px;
        font: 400 13px / 18px var(--font-ui);
        background: var(--float);
        border: 1px solid var(--float-edge);
        border-left: 4px solid var(--warn);
        border-radius: var(--r-key);
      }
      .btn.icon {
        min-width: var(--hit-dense);
      }
      :host([brief]) .hint {
        font: 400 13px / 18px var(--font-ui);
        color: var(--ink);
      }
      :host([brief]) .warn {
        font-weight: 600;
        color: var(--warn);
      }
      :host([brief]) .line,
      :host([brief]) .toast {
        flex: 1;
      }
      :host([brief]) .hint span {
        flex: 1;
      }
      :host([brief]) .toast span {
        flex: 1;
      }
      :host([stacked]) .line,
      :host([stacked]) .toast,
      :host([stacked]) .hint {
        flex-direction: column;
        gap: 6px;
        padding: 0;
        border: 0;
        background: none;
        font: 500 12px / 14px var(--font-print);
        text-align: center;
      }
      :host([stacked]) .btn {
        padding: 0 4px;
        width: 56px;
        white-space: normal;
        font-size: 12px;
        line-height: 13px;
      }
    `,
  ];

  /** The picture has the keyboard. */
  @property({ type: Boolean }) focused = false;

  /** The pointer is locked to the picture. */
  @property({ type: Boolean }) captured = false;

  /** Phones: only what is worth the room; no advice about clicking. */
  @property({ type: Boolean, reflect: true }) brief = false;

  protected override render(): TemplateResult {
    return html`<div class="line" role="status">${this.#content()}</div>`;
  }

  #content(): TemplateResult | null {
    const { state } = this;
    const { act, askers } = controlFor(state);
    const [asker] = askers;
    if (asker) return this.#asked(asker);
    const watching = state.phase === 'live' && !state.inControl;
    if (watching && (state.controlLost || state.controlRefused !== null)) {
      return this.#controlNews(state.controlRefused ?? controlTaken(state), act);
    }
    const notice = noticeFor(state, this.focused, this.captured);
    if (notice === null || (this.brief && !notice.trouble && !watching)) return null;
    const calm = watching && !notice.trouble;
    return html`<span class="hint ${notice.level}">
        ${icon(notice.trouble ? 'warn' : calm ? 'eye' : 'mouse')}<span>${notice.text}</span>
      </span>
      ${
        calm && act !== null
          ? html`<button class="btn sm" @click=${() => doAct(act, this.actions)}>
              ${ACT_WORDS[act]}
            </button>`
          : null
      }`;
  }

  /** Another viewer asks this one for control. */
  #asked({ id, name }: ViewerInfo): TemplateResult {
    const { actions } = this;
    return html`<span class="toast">
      <span>${name} asks for control</span>
      <button class="btn sm go" @click=${() => actions?.grantControl(id)}>Hand over</button>
      <button class="btn sm" @click=${() => actions?.refuseControl(id)}>No</button>
    </span>`;
  }

  /** Control was lost or refused. */
  #controlNews(words: string, act: keyof typeof ACT_WORDS | null): TemplateResult {
    return html`<span class="toast">
      <span>${words}</span>
      ${
        act === null
          ? null
          : html`<button class="btn sm" @click=${() => doAct(act, this.actions)}>
              ${act === 'take' ? 'Take back' : ACT_WORDS[act]}
            </button>`
      }
      <button
        class="btn sm icon"
        aria-label="Dismiss"
        @click=${() => this.actions?.dismissControlNews()}
      >
        ${icon('close')}
      </button>
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-notice': KvmNotice;
  }
}
