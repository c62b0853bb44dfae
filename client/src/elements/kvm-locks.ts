import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { lampStyles } from '../styles/lamp-styles.js';
import { ConsoleElement } from './console-element.js';

/** Num, Caps and Scroll Lock as the target reports them; unknown until it does. */
@customElement('kvm-locks')
export class KvmLocks extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    lampStyles,
    css`
      ul {
        height: 100%;
        display: grid;
        align-content: space-evenly;
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        font: 500 13px / 16px var(--font-print);
        white-space: nowrap;
      }
      .lamp {
        width: 8px;
        height: 8px;
      }
      .word {
        margin-left: auto;
        padding-left: 6px;
        font-size: 12px;
        color: var(--ink-2);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const leds = this.state.phase === 'live' ? (this.state.remote?.hid.leds ?? null) : null;
    const locks: Array<[string, boolean | null]> = [
      ['Num', leds?.numLock ?? null],
      ['Caps', leds?.capsLock ?? null],
      ['Scroll', leds?.scrollLock ?? null],
    ];
    return html`<ul aria-label="Lock lamps of the target">
      ${locks.map(
        ([name, on]) => html`<li>
          <i class="lamp ${on === true ? '' : 'off'}"></i>${name}
          <span class="word">${on === null ? 'unknown' : on ? 'on' : 'off'}</span>
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-locks': KvmLocks;
  }
}
