import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  type AccountsReply,
  GIVEN_ROLES,
  type GivenRole,
} from '../../../server/protocol/accounts.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { baseStyles } from '../styles/base-styles.js';
import { controlStyles } from '../styles/control-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { passwordStrength, SHORTEST_PASSWORD } from './password-strength.js';

/** What the form holds; an empty password leaves that of an account as it is. */
export interface AccountFields {
  readonly name: string;
  readonly role: GivenRole;
  readonly password: string;
}

const ROLE_WORDS: Record<GivenRole, string> = {
  operator: 'Operator: types when control is free or given',
  watcher: 'Watcher: only watches',
};

/**
 * A new account or an existing one. Fires `kvm-account-save` with the {@link AccountFields}, and `kvm-account-remove` when
 * that was asked for twice.
 */
@customElement('kvm-account-form')
export class KvmAccountForm extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    formStyles,
    css`
      form {
        padding: 2px 0 10px;
      }
      .remove {
        margin-left: auto;
        color: var(--bad);
      }
    `,
  ];

  /** Null for a new one. */
  @property({ attribute: false }) account: AccountsReply['accounts'][number] | null = null;

  @property({ type: Boolean }) busy = false;

  @query('form') private form!: HTMLFormElement;

  @state() private password = '';

  @state() private removing = false;

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    this.form.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    const { account, busy } = this;
    return html`<form @submit=${this.#submit}>
      <label>
        Name
        <input
          name="name"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          maxlength=${LIMITS.maxNameLength}
          required
          .value=${account?.name ?? ''}
        />
      </label>
      <label>
        Role
        <select name="role">
          ${GIVEN_ROLES.map(
            (role) =>
              html`<option value=${role} ?selected=${role === account?.role}>${ROLE_WORDS[role]}</option>`,
          )}
        </select>
      </label>
      <label>
        ${account ? 'New password, if it is to change' : 'Password'}
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          minlength=${SHORTEST_PASSWORD}
          ?required=${account === null}
          @input=${this.#onPassword}
        />
      </label>
      <p class="note">
        ${account && this.password === '' ? 'A change signs this account out everywhere.' : passwordStrength(this.password).text}
      </p>
      <div class="acts">
        <button class="btn sm go" ?disabled=${busy}>${account ? 'Save' : 'Add account'}</button>
        ${account ? this.#removeButton() : nothing}
      </div>
    </form>`;
  }

  #removeButton(): TemplateResult {
    return html`<button type="button" class="btn sm remove" ?disabled=${this.busy} @click=${this.#remove}>
      ${this.removing ? 'Remove for good' : 'Remove'}
    </button>`;
  }

  #onPassword({ target }: Event): void {
    if (target instanceof HTMLInputElement) this.password = target.value;
  }

  #remove(): void {
    if (this.removing) this.dispatchEvent(new Event('kvm-account-remove'));
    this.removing = true;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const fields = new FormData(this.form);
    const read = (name: string) => String(fields.get(name) ?? '');
    const role = GIVEN_ROLES.find((given) => given === read('role')) ?? 'watcher';
    const detail: AccountFields = { name: read('name').trim(), role, password: read('password') };
    this.dispatchEvent(new CustomEvent('kvm-account-save', { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-account-form': KvmAccountForm;
  }
}
