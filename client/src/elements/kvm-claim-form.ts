import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { bootFormStyles } from '../styles/boot-styles.js';
import { ConsoleElement } from './console-element.js';
import { passwordStrength, SHORTEST_PASSWORD } from './password-strength.js';

/** First start: the code from the appliance's log proves who stands next to it. */
@customElement('kvm-claim-form')
export class KvmClaimForm extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, bootFormStyles];

  @state() private password = '';

  @query('form') private form!: HTMLFormElement;

  protected override render(): TemplateResult {
    const { formBusy, formError } = this.state;
    const strength = passwordStrength(this.password);
    return html`<form @submit=${this.#submit}>
      <div>
        <h1>Claim this unit</h1>
        <p class="dim">
          It has no owner yet. Its log shows a code: it proves that the unit is yours.
        </p>
      </div>
      <label>
        Code from the log
        <input
          class="code"
          name="code"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="64"
          required
        />
      </label>
      <label>
        Your name
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
        New password
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          minlength=${SHORTEST_PASSWORD}
          required
          aria-describedby="strength"
          @input=${this.#onPassword}
        />
      </label>
      <p id="strength" class=${strength.ok || this.password === '' ? 'dim' : 'weak'}>
        ${strength.text}
      </p>
      ${formError === null ? null : html`<p class="error" role="alert">${formError}</p>`}
      <button type="submit" ?disabled=${formBusy}>
        ${formBusy ? 'Claiming ...' : 'Claim and switch on'}
      </button>
    </form>`;
  }

  protected override firstUpdated(): void {
    this.form.querySelector('input')?.focus();
  }

  #onPassword(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.password = event.target.value;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.state.formBusy) return;
    const fields = new FormData(this.form);
    const read = (name: string) => String(fields.get(name) ?? '');
    void this.actions?.claim(read('code').trim(), read('name').trim(), read('password'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-claim-form': KvmClaimForm;
  }
}
