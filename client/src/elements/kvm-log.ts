import { css, html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';
import { formatClock, formatLogText } from './format.js';

const LINES = 500;
const NEAR_END_PX = 24;

/** The log: newest line at the bottom, followed unless somebody scrolled up. */
@customElement('kvm-log')
export class KvmLog extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    css`
      .panel {
        height: 100%;
        display: flex;
        flex-direction: column;
      }
      .log {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--log-dim) transparent;
        padding: 5px 9px;
        color: var(--log-ink);
        background: var(--log);
        border: var(--log-edge);
        border-radius: 5px;
        box-shadow: var(--log-shadow);
        font: var(--log-font);
        font-variant-ligatures: none;
      }
      p {
        display: grid;
        grid-template-columns: 5ch 1fr;
        gap: 8px;
        overflow-wrap: anywhere;
      }
      time {
        color: var(--log-dim);
      }
      .info {
        color: var(--log-info);
      }
      .error {
        color: var(--log-bad);
      }
    `,
  ];

  @state() private copied = false;

  @query('.log') private box!: HTMLElement;

  #follow = true;

  protected override render(): TemplateResult {
    const lines = this.state.log.slice(-LINES);
    return html`<section class="panel" aria-label="Log">
      <header>
        <h2 class="print grow">Log</h2>
        <button class="btn sm quiet" ?disabled=${lines.length === 0} @click=${this.#copy}>
          ${this.copied ? 'Copied' : 'Copy'}
        </button>
      </header>
      <div class="log" role="log" tabindex="0" aria-label="Log" @scroll=${this.#onScroll}>
        ${repeat(
          lines,
          (line) => line,
          (line) =>
            html`<p><time datetime=${new Date(line.at).toISOString()}>${formatClock(line.at)}</time><span class=${line.kind}>${formatLogText(line)}</span></p>`,
        )}
      </div>
    </section>`;
  }

  protected override updated(): void {
    if (this.#follow) this.box.scrollTop = this.box.scrollHeight;
  }

  #onScroll(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.box;
    this.#follow = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  async #copy(): Promise<void> {
    const text = this.state.log
      .map((line) => `${new Date(line.at).toISOString()} ${formatLogText(line)}`)
      .join('\n');
    await navigator.clipboard.writeText(text);
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 2000);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-log': KvmLog;
  }
}
