import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { RequestController } from '../controllers/request-controller.js';
import { peopleApi } from '../session/people-api.js';
import { controlStyles } from '../styles/control-styles.js';
import { foldStyles } from '../styles/fold-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';
import { passwordStrength, SHORTEST_PASSWORD } from './password-strength.js';

/** Changes the password of who is signed in. */
@customElement('kvm-password-form')
export class KvmPasswordForm extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    foldStyles,
    formStyles,
  ];

  @query('form') private form!: HTMLFormElement;

  @state() private next = '';

  @state() private changed = false;

  readonly #request = new RequestController(this);

  protected override render(): TemplateResult {
    const { busy, error } = this.#request;
    return html`<details class="panel">
      <summary>
        <h2 class="print">Your password</h2>
        ${icon('down')}
      </summary>
      <form @submit=${this.#submit}>
        <input hidden name="user" autocomplete="username" .value=${this.state.userName ?? ''} />
        <label>
          Present password
          <input name="current" type="password" autocomplete="current-password" required />
        </label>
        <label>
          New password
          <input
            name="next"
            type="password"
            autocomplete="new-password"
            minlength=${SHORTEST_PASSWORD}
            required
            @input=${this.#onNext}
          />
        </label>
        <p class="note">
          ${passwordStrength(this.next).text}. Your other windows and programs are signed out.
        </p>
        <div class="acts"><button class="btn sm" ?disabled=${busy}>Change password</button></div>
        ${this.changed ? html`<p class="done" role="status">The password was changed.</p>` : nothing}
      </form>
      ${error === null ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
    </details>`;
  }

  #onNext({ target }: Event): void {
    if (target instanceof HTMLInputElement) this.next = target.value;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.changed = false;
    const fields = new FormData(this.form);
    const read = (name: string) => String(fields.get(name) ?? '');
    const [current, next] = [read('current'), read('next')];
    if (!(await this.#request.run(() => peopleApi.changePassword(current, next)))) return;
    this.form.reset();
    this.next = '';
    this.changed = true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-password-form': KvmPasswordForm;
  }
}
