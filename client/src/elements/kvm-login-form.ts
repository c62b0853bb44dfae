import { html, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { bootFormStyles } from '../styles/boot-styles.js';
import { ConsoleElement } from './console-element.js';

/** Name and password of somebody who may come in. */
@customElement('kvm-login-form')
export class KvmLoginForm extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, bootFormStyles];

  @query('form') private form!: HTMLFormElement;

  protected override render(): TemplateResult {
    const { formBusy, formError } = this.state;
    return html`<form @submit=${this.#submit}>
      <div>
        <h1>Sign in</h1>
        <p class="dim">The picture stays dark until you do.</p>
      </div>
      <label>
        Name
        <input
          name="name"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength=${LIMITS.maxNameLength}
          required
        />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      ${formError === null ? null : html`<p class="error" role="alert">${formError}</p>`}
      <button type="submit" ?disabled=${formBusy}>${formBusy ? 'Signing in ...' : 'Switch on'}</button>
    </form>`;
  }

  protected override firstUpdated(): void {
    this.form.querySelector('input')?.focus();
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.state.formBusy) return;
    const fields = new FormData(this.form);
    const read = (name: string) => String(fields.get(name) ?? '');
    void this.actions?.login(read('name').trim(), read('password'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-login-form': KvmLoginForm;
  }
}
