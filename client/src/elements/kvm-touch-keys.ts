import { css, html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { SYSTEM_CHORDS } from './chords.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import { MODIFIERS, TOUCH_KEYS, type TouchKey, tap } from './touch-keys.js';

/** Keys for a phone: modifiers that wait for the next key, and the rows a touch keyboard lacks. */
@customElement('kvm-touch-keys')
export class KvmTouchKeys extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        overflow: auto;
      }
      .keys {
        flex: 1 0 auto;
        max-height: 400px;
        display: grid;
        grid-auto-rows: minmax(44px, 1fr);
        grid-template-columns: repeat(6, 1fr);
        gap: 5px;
      }
      .key {
        min-width: 0;
        min-height: 44px;
        padding-inline: 2px;
      }
      .chord {
        grid-column: span 2;
      }
      .note {
        min-height: 16px;
        padding-bottom: 4px;
        font: var(--t-small);
        color: var(--ink-on-desk);
        text-align: center;
      }
    `,
  ];

  @state() private armed: readonly string[] = [];

  protected override render(): TemplateResult {
    return html`<div class="keys" role="group" aria-label="Keys">
      ${this.#key({ label: 'Esc', code: 'Escape' })}${this.#key({ label: 'Tab', code: 'Tab' })}
      ${MODIFIERS.map((key) => this.#key(key, this.armed.includes(key.code)))}
      ${TOUCH_KEYS.map((key) => this.#key(key))}
      ${SYSTEM_CHORDS.slice(0, 3).map(
        ({ label, codes }) => html`<button
          class="key chord"
          ?disabled=${!this.canType}
          @click=${() => this.actions?.sendChord(codes)}
        >
          <b>${label}</b>
        </button>`,
      )}
      </div>
      <p class="note" role="status">${this.#note()}</p>`;
  }

  #note(): string {
    if (!this.canType) return 'Keys wait until you are connected and in control';
    if (this.armed.length === 0) return '';
    const names = MODIFIERS.filter(({ code }) => this.armed.includes(code)).map(
      ({ label }) => label,
    );
    return `${names.join(' + ')} armed for the next key. Tap again to press it alone.`;
  }

  #key(key: TouchKey, armed?: boolean): TemplateResult {
    return html`<button
      class="key"
      aria-label=${key.label}
      aria-pressed=${armed === undefined ? 'undefined' : armed ? 'true' : 'false'}
      ?disabled=${!this.canType}
      @click=${() => this.#tap(key.code)}
    >
      ${key.icon === undefined ? key.label : icon(key.icon)}
    </button>`;
  }

  #tap(code: string): void {
    const { armed, send } = tap(this.armed, code);
    this.armed = armed;
    if (send !== null) this.actions?.sendChord(send);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-touch-keys': KvmTouchKeys;
  }
}
