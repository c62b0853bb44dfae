import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { IceReply } from '../../../server/protocol/ice-configuration.js';
import { RequestController } from '../controllers/request-controller.js';
import { type IceFields, iceRequestOf, iceSettings, loginOf } from '../session/ice-settings.js';
import { controlStyles } from '../styles/control-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';

const STATES = { asking: 'being asked', ok: 'answers', failed: 'fails' } as const;

/** The STUN and TURN servers: set here by owners, unless the options at start name them. Asks the appliance when it is shown. */
@customElement('kvm-network-panel')
export class KvmNetworkPanel extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    formStyles,
    css`
    .answers {
      margin-top: 8px;
    }
  `,
  ];

  /** Its page is the one in sight. */
  @property({ type: Boolean }) shown = false;

  @query('form') private form!: HTMLFormElement;

  @state() private ice: IceReply | null = null;

  @state() private login: IceFields['login'] = 'none';

  readonly #request = new RequestController(this);

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('shown') && this.shown) void this.#run(iceSettings.load);
  }

  protected override render(): TemplateResult {
    const { error } = this.#request;
    return html`<section class="panel" aria-label="STUN and TURN servers">
      <header><h2 class="print">STUN and TURN servers</h2></header>
      ${this.ice ? this.#settings(this.ice) : nothing}
      ${error === null ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
    </section>`;
  }

  #settings(ice: IceReply): TemplateResult {
    const mayChange = this.state.role === 'owner' && !ice.fixed;
    const off = !mayChange || this.#request.busy;
    return html`<form @submit=${this.#save}>
        <label>
          Addresses, the best first
          <textarea
            name="urls"
            rows="3"
            spellcheck="false"
            placeholder="turn:turn.example.net"
            ?disabled=${off}
            .value=${ice.urls.join('\n')}
          ></textarea>
        </label>
        <label>
          Login at TURN servers
          <select name="login" ?disabled=${off} @change=${this.#loginChosen}>
            <option value="none" ?selected=${this.login === 'none'}>None</option>
            <option value="password" ?selected=${this.login === 'password'}>Name and password</option>
            <option value="secret" ?selected=${this.login === 'secret'}>Shared secret</option>
          </select>
        </label>
        ${this.#loginFields(ice, off)}
        <label class="check">
          <input name="relay" type="checkbox" ?disabled=${off} .checked=${ice.policy === 'relay'} />
          Through TURN servers only
        </label>
        ${mayChange ? html`<div class="acts"><button class="btn sm" ?disabled=${off}>Save and test</button></div>` : nothing}
        ${ice.fixed ? html`<p class="note">Set by the options at start.</p>` : nothing}
        ${mayChange || ice.fixed ? nothing : html`<p class="note">Only an owner changes these.</p>`}
      </form>
      <ul class="note answers">
        ${ice.checks.map(({ url, state }) => html`<li>${url}: ${STATES[state]}</li>`)}
      </ul>`;
  }

  #loginFields(ice: IceReply, off: boolean): TemplateResult | typeof nothing {
    const kept = (there: boolean) => (there ? 'unchanged' : '');
    if (this.login === 'password') {
      return html`<label>
          User name
          <input name="username" autocomplete="off" ?disabled=${off} .value=${ice.username ?? ''} />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="off" placeholder=${kept(ice.hasPassword)} ?disabled=${off} />
        </label>`;
    }
    if (this.login !== 'secret') return nothing;
    return html`<label>
      Secret
      <input name="secret" type="password" autocomplete="off" placeholder=${kept(ice.hasSecret)} ?disabled=${off} />
    </label>`;
  }

  #loginChosen({ target }: Event): void {
    if (target instanceof HTMLSelectElement) this.login = target.value as IceFields['login'];
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(this.form);
    const read = (name: string) => String(fields.get(name) ?? '');
    const request = iceRequestOf({
      urls: read('urls'),
      login: this.login,
      username: read('username'),
      password: read('password'),
      secret: read('secret'),
      relayOnly: fields.has('relay'),
    });
    await this.#run(() => iceSettings.save(request));
  }

  async #run(request: () => Promise<IceReply>): Promise<void> {
    await this.#request.run(request, (ice) => {
      this.ice = ice;
      this.login = loginOf(ice);
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-network-panel': KvmNetworkPanel;
  }
}
