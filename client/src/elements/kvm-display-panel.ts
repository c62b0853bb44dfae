import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { controlStyles } from '../styles/control-styles.js';
import { foldStyles } from '../styles/fold-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { displayWords } from './display-words.js';
import { icon } from './icon.js';

/** The display that the target sees (EDID): one of the presets, or a file. Asks the appliance when it is unfolded. */
@customElement('kvm-display-panel')
export class KvmDisplayPanel extends ConsoleElement {
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
      select {
        flex: 1;
        min-width: 0;
        text-align: left;
      }
      p {
        margin-top: 6px;
        font: var(--t-label);
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }
      .wrong {
        color: var(--bad);
      }
    `,
  ];

  @query('input') private file!: HTMLInputElement;

  protected override render(): TemplateResult {
    const { edid, edidBusy, edidError } = this.state;
    return html`<details class="panel" @toggle=${this.#toggled}>
      <summary>
        <h2 class="print">Display for the target</h2>
        ${icon('down')}
      </summary>
      <div class="row">
        <select
          class="btn sm"
          aria-label="Display that the target sees (EDID)"
          ?disabled=${edid === null || edidBusy}
          @change=${this.#choose}
        >
          ${edid?.presets.map((name) => html`<option value=${name} .selected=${live(name === edid.choice)}>${displayWords(name)}</option>`)}
          ${edid?.choice === 'custom' ? html`<option value="custom" .selected=${live(true)}>From a file</option>` : nothing}
        </select>
        <button class="btn sm" ?disabled=${edid === null || edidBusy} @click=${() => this.file.click()}>
          Load a file
        </button>
        <input type="file" hidden aria-label="EDID file" @change=${this.#load} />
      </div>
      ${this.#note()}
      ${edidError === null ? nothing : html`<p class="wrong" role="alert">${edidError}</p>`}
    </details>`;
  }

  #note(): TemplateResult | typeof nothing {
    switch (this.state.edid?.state) {
      case 'waiting':
        return html`<p>The capture device is away: it gets this when it is back.</p>`;
      case 'fixed':
        return html`<p>This capture device has a display of its own that cannot be changed.</p>`;
      default:
        return nothing;
    }
  }

  #toggled({ target }: Event): void {
    if (target instanceof HTMLDetailsElement && target.open) void this.actions?.loadEdid();
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
