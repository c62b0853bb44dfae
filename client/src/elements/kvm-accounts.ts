import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AccountsReply } from '../../../server/protocol/accounts.js';
import { RequestController } from '../controllers/request-controller.js';
import { peopleApi } from '../session/people-api.js';
import { controlStyles } from '../styles/control-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import './kvm-account-form.js';
import type { AccountFields } from './kvm-account-form.js';

type Account = AccountsReply['accounts'][number];

/** Who may sign in, for owners: makes accounts, changes and removes them. Asks the appliance when it is shown. */
@customElement('kvm-accounts')
export class KvmAccounts extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    formStyles,
    css`
      li {
        min-height: 32px;
        font: var(--t-label);
      }
      li + li {
        border-top: 1px solid var(--rule);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 34px;
        padding: 2px 0;
      }
      .who {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        flex: 1;
        text-align: right;
        font: 500 12px / 16px var(--font-print);
        color: var(--ink-2);
        white-space: nowrap;
      }
    `,
  ];

  /** Its page is the one in sight. */
  @property({ type: Boolean }) shown = false;

  @state() private reply: AccountsReply | null = null;

  /** The account whose form is open; null for that of a new one. */
  @state() private open: Account | null | undefined;

  readonly #request = new RequestController(this);

  protected override updated(changed: PropertyValues<this>): void {
    // A form that is open stays so.
    if (changed.has('shown') && this.shown) void this.#load();
  }

  protected override render(): TemplateResult {
    const { busy, error } = this.#request;
    const { accounts, places } = this.reply ?? { accounts: [], places: 0 };
    return html`<section class="panel" aria-label="Accounts">
      <header>
        <h2 class="print grow">Accounts</h2>
        <button
          class="btn sm"
          ?disabled=${busy || places === 0}
          title=${places === 0 ? 'There is no room for another account' : ''}
          @click=${() => this.#toggle(null)}
        >
          Add
        </button>
      </header>
      ${this.open === null ? this.#form(null) : nothing}
      <ul>${accounts.map((account) => this.#row(account))}</ul>
      ${error === null ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
    </section>`;
  }

  #row(account: Account): TemplateResult {
    const { name, role, signIns } = account;
    const open = this.open?.name === name;
    return html`<li>
      <div class="row">
        <span class="who" title=${name}>${name}</span>
        <small>${role}${signIns > 0 ? ', signed in' : ''}</small>
        ${
          role === 'owner'
            ? nothing
            : html`<button
                class="btn sm"
                aria-label=${`Edit ${name}`}
                aria-expanded=${open ? 'true' : 'false'}
                ?disabled=${this.#request.busy}
                @click=${() => this.#toggle(account)}
              >
                Edit
              </button>`
        }
      </div>
      ${open ? this.#form(account) : nothing}
    </li>`;
  }

  #form(account: Account | null): TemplateResult {
    return html`<kvm-account-form
      .account=${account}
      ?busy=${this.#request.busy}
      @kvm-account-save=${({ detail }: CustomEvent<AccountFields>) => this.#save(account, detail)}
      @kvm-account-remove=${() => account && this.#run(() => peopleApi.remove(account.name))}
    ></kvm-account-form>`;
  }

  #toggle(account: Account | null): void {
    const same = this.open?.name === account?.name && this.open !== undefined;
    this.open = same ? undefined : account;
  }

  #save(account: Account | null, { name, role, password }: AccountFields): void {
    if (account === null) {
      void this.#run(() => peopleApi.create({ name, role, password }));
      return;
    }
    const change = {
      ...(name !== account.name && { newName: name }),
      ...(role !== account.role && { role }),
      ...(password !== '' && { password }),
    };
    if (Object.keys(change).length === 0) this.open = undefined;
    else void this.#run(() => peopleApi.change({ name: account.name, ...change }));
  }

  async #load(): Promise<void> {
    await this.#request.run(peopleApi.accounts, (reply) => {
      this.reply = reply;
    });
  }

  async #run(request: () => Promise<AccountsReply>): Promise<void> {
    await this.#request.run(request, (reply) => {
      this.reply = reply;
      this.open = undefined;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-accounts': KvmAccounts;
  }
}
