import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { HidState } from '../../../server/protocol/control-messages.js';
import { USB_FUNCTIONS, type UsbFunction } from '../../../server/protocol/usb-functions.js';
import { controlStyles } from '../styles/control-styles.js';
import { foldStyles } from '../styles/fold-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import { FUNCTION_WORDS, usbSentence } from './usb-words.js';

/** The USB device that the target sees: replug it, wake the target, choose what it is. Asks the appliance while unfolded. */
@customElement('kvm-usb-panel')
export class KvmUsbPanel extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    foldStyles,
    css`
      .row {
        display: flex;
        gap: 6px;
      }
      .row .btn {
        flex: 1;
      }
      p {
        margin-bottom: 6px;
        font: var(--t-label);
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }
      .wrong {
        margin: 6px 0 0;
        color: var(--bad);
      }
      fieldset {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0 10px;
        margin: 8px 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: 6px;
        min-height: var(--hit-dense);
        font: 500 13px / 16px var(--font-print);
      }
      input {
        margin: 0;
        accent-color: var(--accent);
      }
      @media (pointer: coarse) {
        label {
          min-height: 44px;
        }
      }
    `,
  ];

  @query('details') private details!: HTMLDetailsElement;

  #asked: HidState | null = null;

  protected override updated(changed: PropertyValues<this>): void {
    // What the device is, and why there is none, goes with its state.
    if (changed.has('state') && this.details.open) this.#ask();
  }

  protected override render(): TemplateResult {
    const { usb, usbBusy, usbError, remote } = this.state;
    const state = remote?.hid.state ?? 'unbound';
    const may = this.canType && !usbBusy;
    return html`<details class="panel" @toggle=${this.#toggled}>
      <summary>
        <h2 class="print">USB to the target</h2>
        ${icon('down')}
      </summary>
      <p>${usbSentence(state, usb)}</p>
      <div class="row">
        <button
          class="btn sm"
          title="Unplugs keyboard and mouse and plugs them in again"
          ?disabled=${!may}
          @click=${() => this.actions?.actOnUsb('replug')}
        >
          ${icon('plug')}Replug USB
        </button>
        <button
          class="btn sm"
          title="Wakes the target by USB, if it allows that"
          ?disabled=${!may || state !== 'suspended'}
          @click=${() => this.actions?.actOnUsb('wake')}
        >
          ${icon('sleep')}Wake
        </button>
      </div>
      <fieldset ?disabled=${!may || usb === null}>
        <legend class="sr">What the target sees</legend>
        ${USB_FUNCTIONS.map((name) => this.#function(name))}
      </fieldset>
      ${usbError === null ? nothing : html`<p class="wrong" role="alert">${usbError}</p>`}
    </details>`;
  }

  /** The keyboard stays: the console is for typing. */
  #function(name: UsbFunction): TemplateResult {
    const wanted = this.state.usb?.wanted.includes(name) ?? false;
    return html`<label>
      <input
        type="checkbox"
        .checked=${live(wanted)}
        ?disabled=${name === 'keyboard'}
        @change=${() => this.#change(name, !wanted)}
      />${FUNCTION_WORDS[name]}
    </label>`;
  }

  #change(name: UsbFunction, on: boolean): void {
    const wanted = this.state.usb?.wanted ?? [];
    const functions = USB_FUNCTIONS.filter((one) => (one === name ? on : wanted.includes(one)));
    void this.actions?.actOnUsb(functions);
  }

  #toggled(): void {
    this.#asked = null;
    if (this.details.open) this.#ask();
  }

  /** Once for each state that the device gets into. */
  #ask(): void {
    const state = this.state.remote?.hid.state ?? null;
    if (state === null || state === this.#asked || this.state.usbBusy) return;
    this.#asked = state;
    void this.actions?.loadUsb();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-usb-panel': KvmUsbPanel;
  }
}
