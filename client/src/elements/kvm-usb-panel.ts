import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { HidState } from '../../../server/protocol/control-messages.js';
import { USB_FUNCTIONS, type UsbFunction } from '../../../server/protocol/usb-functions.js';
import { icon } from './icon.js';
import { TargetPanel } from './target-panel.js';
import { FUNCTION_WORDS, usbSentence } from './usb-words.js';

/** The USB device that the target sees: replug it, wake the target, choose what it is. */
@customElement('kvm-usb-panel')
export class KvmUsbPanel extends TargetPanel {
  static override styles = [
    ...TargetPanel.styles,
    css`
      .acts .btn {
        flex: 1;
      }
      fieldset {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0 10px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
      }
      @media (pointer: coarse) {
        label {
          min-height: 44px;
        }
      }
    `,
  ];

  /** The state of the device when it was asked for last. */
  #asked: HidState | null = null;

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    // What the device is, and why there is none, goes with its state.
    const state = this.state.remote?.hid.state ?? null;
    if (this.shown && state !== null && state !== this.#asked && !this.state.usbBusy) this.ask();
  }

  protected override ask(): void {
    this.#asked = this.state.remote?.hid.state ?? null;
    void this.actions?.loadUsb();
  }

  protected override render(): TemplateResult {
    const { usb, usbBusy, usbError, remote } = this.state;
    const state = remote?.hid.state ?? 'unbound';
    const may = this.canType && !usbBusy;
    const content = html`<p class="note">${usbSentence(state, usb)}</p>
      <div class="acts">
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
      </fieldset>`;
    return this.panel('USB to the target', content, usbError);
  }

  /** The keyboard stays: the console is for typing. */
  #function(name: UsbFunction): TemplateResult {
    const wanted = this.state.usb?.wanted.includes(name) ?? false;
    return html`<label class="check">
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
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-usb-panel': KvmUsbPanel;
  }
}
