import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { IceReply } from '../../../server/protocol/ice-configuration.js';
import { type IceFields, iceRequestOf, iceSettings, loginOf } from '../session/ice-settings.js';
import { controlStyles } from '../styles/control-styles.js';
import { foldStyles } from '../styles/fold-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { icon } from './icon.js';

const STATES = { asking: 'being asked', ok: 'answers', failed: 'fails' } as const;

/** The STUN and TURN servers: set here unless the options at start name them. What is wrong with them is always in sight. */
@customElement('kvm-network-panel')
export class KvmNetworkPanel extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    foldStyles,
    css`
      :host {
        display: block;
        flex: 0 1 auto;
        min-height: 40px;
        overflow-y: auto;
      }
      form {
        display: grid;
        gap: 6px;
      }
      label {
        display: grid;
        gap: 2px;
        font: var(--t-label);
        color: var(--ink-2);
      }
      label.check {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      textarea,
      input:not([type='checkbox']),
      select {
        box-sizing: border-box;
        width: 100%;
        min-width: 0;
        padding: 5px 7px;
        font: var(--t-small);
        color: var(--ink);
        background: var(--face);
        border: 1px solid var(--rule);
        border-radius: 4px;
        resize: vertical;
      }
      p,
      ul {
        margin: 6px 0;
        padding: 0;
        list-style: none;
        font: var(--t-label);
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }
      .wrong {
        color: var(--bad);
      }
    `,
  ];

  @query('form') private form!: HTMLFormElement;

  @state() private ice: IceReply | null = null;

  @state() private login: IceFields['login'] = 'none';

  @state() private busy = false;

  @state() private error: string | null = null;

  protected override render(): TemplateResult {
    const problems = this.state.remote?.iceProblems ?? [];
    return html`${problems.map((problem) => html`<p class="wrong" role="status">${problem}</p>`)}
      <details class="panel" @toggle=${this.#toggled}>
        <summary>
          <h2 class="print">Network</h2>
          ${icon('down')}
        </summary>
        ${this.ice ? this.#settings(this.ice) : nothing}
        ${this.error === null ? nothing : html`<p class="wrong" role="alert">${this.error}</p>`}
      </details>`;
  }

  #settings(ice: IceReply): TemplateResult {
    const off = ice.fixed || this.busy;
    return html`<form @submit=${this.#save}>
        <label>
          STUN and TURN servers, the best first
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
        ${ice.fixed ? html`<p>Set by the options at start.</p>` : html`<button class="btn sm" ?disabled=${off}>Save and test</button>`}
      </form>
      <ul>
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

  #toggled({ target }: Event): void {
    if (target instanceof HTMLDetailsElement && target.open) void this.#run(iceSettings.load());
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
    await this.#run(iceSettings.save(request));
  }

  async #run(request: Promise<IceReply>): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      this.ice = await request;
      this.login = loginOf(this.ice);
    } catch (error) {
      this.error = (error as Error).message;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-network-panel': KvmNetworkPanel;
  }
}
