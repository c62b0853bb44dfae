import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { type Chord, CONSOLE_CHORDS, FIRMWARE_CHORDS, SYSTEM_CHORDS } from './chords.js';
import { ConsoleElement } from './console-element.js';
import './kvm-locks.js';

/** Keys that the viewer's own system would swallow, and the lock lamps of the target. */
@customElement('kvm-key-deck')
export class KvmKeyDeck extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .case {
        position: relative;
        z-index: 3;
        height: var(--deck-h);
        padding: 10px 14px 12px;
        display: flex;
        gap: 16px;
        align-items: stretch;
        border-radius: var(--r-deck);
      }
      .group {
        display: flex;
        flex-direction: column;
        gap: 7px;
        min-width: 0;
      }
      .group .print {
        white-space: nowrap;
      }
      .keys {
        display: flex;
        gap: 5px;
        flex: 1;
      }
      .key {
        flex: 1 1 auto;
        height: 100%;
      }
      .wide {
        flex: 1 1 auto;
      }
      kvm-locks {
        flex: 1;
        min-width: 96px;
      }
      .sep {
        flex: none;
        width: 1px;
        margin: 2px 0;
        background: var(--rule);
        box-shadow: 1px 0 0 var(--rule-hi);
      }
      @container (max-width: 1080px) {
        .case {
          gap: 12px;
          padding-inline: 12px;
        }
        .key {
          padding-inline: 7px;
        }
      }
      @container (max-width: 940px) {
        .consoles {
          display: none;
        }
      }
      @container (max-width: 740px) {
        .firmware {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="case" role="group" aria-label="Keys">
      ${this.#group('Send keys', SYSTEM_CHORDS)}
      <span class="sep"></span>
      ${this.#group('Consoles', CONSOLE_CHORDS, 'consoles')}
      <span class="sep consoles"></span>
      ${this.#group('Firmware', FIRMWARE_CHORDS, 'firmware')}
      <span class="sep firmware"></span>
      <div class="group">
        <span class="print">Target locks</span>
        <kvm-locks .state=${this.state}></kvm-locks>
      </div>
    </div>`;
  }

  #group(name: string, chords: readonly Chord[], kind = ''): TemplateResult {
    return html`<div class="group wide ${kind}" role="group" aria-label=${name}>
      <span class="print">${name}</span>
      <div class="keys">${chords.map((chord) => this.#key(chord))}</div>
    </div>`;
  }

  #key({ label, codes }: Chord): TemplateResult {
    const strong = label === 'Ctrl Alt Del';
    return html`<button
      class="key"
      ?disabled=${!this.canType}
      title=${this.canType ? `Press ${label} on the target` : 'Only while in control'}
      @click=${() => this.actions?.sendChord(codes)}
    >
      ${strong ? html`<b>${label}</b>` : label}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-key-deck': KvmKeyDeck;
  }
}
