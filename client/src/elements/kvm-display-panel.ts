import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { displayWords } from './display-words.js';
import { TargetPanel } from './target-panel.js';

/** The display that the target sees (EDID): one of the presets, or a file. */
@customElement('kvm-display-panel')
export class KvmDisplayPanel extends TargetPanel {
  static override styles = [
    ...TargetPanel.styles,
    css`
      .row {
        display: flex;
        gap: 6px;
      }
      select {
        flex: 1;
      }
      .row .btn {
        flex: none;
      }
    `,
  ];

  @query('input') private file!: HTMLInputElement;

  protected override ask(): void {
    void this.actions?.loadEdid();
  }

  protected override render(): TemplateResult {
    const { edid, edidBusy, edidError } = this.state;
    const off = !this.canType || edid === null || edidBusy;
    const content = html`<div class="row">
        <select
          aria-label="Display that the target sees (EDID)"
          ?disabled=${off}
          @change=${this.#choose}
        >
          ${edid?.presets.map((name) => html`<option value=${name} .selected=${live(name === edid.choice)}>${displayWords(name)}</option>`)}
          ${edid?.choice === 'custom' ? html`<option value="custom" .selected=${live(true)}>From a file</option>` : nothing}
        </select>
        <button class="btn sm" ?disabled=${off} @click=${() => this.file.click()}>Load a file</button>
        <input type="file" hidden aria-label="EDID file" @change=${this.#load} />
      </div>
      ${this.#note()}`;
    return this.panel('Display for the target', content, edidError);
  }

  #note(): TemplateResult | typeof nothing {
    switch (this.state.edid?.state) {
      case 'waiting':
        return html`<p class="note">The capture device is away: it gets this when it is back.</p>`;
      case 'fixed':
        return html`<p class="note">This capture device has a display of its own that cannot be changed.</p>`;
      default:
        return nothing;
    }
  }

  #choose(event: Event): void {
    if (event.target instanceof HTMLSelectElement)
      void this.actions?.chooseEdid(event.target.value);
  }

  async #load(): Promise<void> {
    const [file] = this.file.files ?? [];
    if (!file) return;
    // The same file again, mended, is a change too.
    const bytes = await file.arrayBuffer();
    this.file.value = '';
    await this.actions?.chooseEdid(bytes);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-display-panel': KvmDisplayPanel;
  }
}
