import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ControlSettingsMessage } from '../../../server/protocol/control-rules.js';
import { RequestController } from '../controllers/request-controller.js';
import { peopleApi } from '../session/people-api.js';
import { controlStyles } from '../styles/control-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { idleChoices, idleWords } from './idle-times.js';

/** How control goes from viewer to viewer, for owners. A change holds at once. Asks the appliance when it is shown. */
@customElement('kvm-control-panel')
export class KvmControlPanel extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, controlStyles, panelStyles, formStyles];

  /** Its page is the one in sight. */
  @property({ type: Boolean }) shown = false;

  @state() private settings: ControlSettingsMessage | null = null;

  readonly #request = new RequestController(this);

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('shown') && this.shown) void this.#run(peopleApi.control);
  }

  protected override render(): TemplateResult {
    const { error } = this.#request;
    return html`<section class="panel" aria-label="Sharing control">
      <header><h2 class="print">Sharing control</h2></header>
      ${this.settings === null ? nothing : this.#fields(this.settings)}
      ${error === null ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
    </section>`;
  }

  #fields(settings: ControlSettingsMessage): TemplateResult {
    const { shared, idleSeconds } = settings;
    const off = this.#request.busy;
    return html`<div class="fields">
      <label class="check">
        <input
          type="checkbox"
          ?disabled=${off}
          .checked=${live(shared)}
          @change=${() => this.#change({ shared: !shared, idleSeconds })}
        />
        All type and point at the same time
      </label>
      ${
        shared
          ? html`<p class="note">Watchers still only watch.</p>`
          : html`<label>
              Idle time after which who asks gets control
              <select ?disabled=${off} @change=${this.#idleChosen}>
                ${idleChoices(idleSeconds).map(
                  (seconds) =>
                    html`<option value=${seconds} .selected=${live(seconds === idleSeconds)}>
                      ${idleWords(seconds)}
                    </option>`,
                )}
              </select>
            </label>`
      }
    </div>`;
  }

  #idleChosen({ target }: Event): void {
    if (!(target instanceof HTMLSelectElement)) return;
    void this.#change({ shared: false, idleSeconds: Number(target.value) });
  }

  /** Shown as wanted while the appliance is asked; what it refuses is shown as it was. */
  async #change(wanted: ControlSettingsMessage): Promise<void> {
    const before = this.settings;
    this.settings = wanted;
    if (!(await this.#run(() => peopleApi.setControl(wanted)))) this.settings = before;
  }

  #run(request: () => Promise<ControlSettingsMessage>): Promise<boolean> {
    return this.#request.run(request, (settings) => {
      this.settings = settings;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-control-panel': KvmControlPanel;
  }
}
