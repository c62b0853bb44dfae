import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';
import { formatFingerprint } from './format.js';
import './kvm-claim-form.js';
import './kvm-login-form.js';

/** The boot screen: what this browser can do and who the unit is, beside the form that lets somebody in. */
@customElement('kvm-boot')
export class KvmBoot extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    css`
      :host {
        overflow: auto;
        color: #cfe9d6;
        background: #050808 radial-gradient(90% 100% at 50% 40%, #0b1411, #050808 80%);
        font: 400 20px/1.16 var(--font-pixel);
        font-variant-ligatures: none;
      }
      .screen {
        min-height: 100%;
        display: grid;
        grid-template-columns: 1.06fr 1fr;
        gap: 5cqw;
        align-content: center;
        padding: 3cqw 5cqw;
        background: repeating-linear-gradient(rgb(0 0 0 / 0.22) 0 1px, transparent 1px 3px);
      }
      .name {
        font-size: 2em;
        line-height: 1.1;
        color: #fff;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 1.2em;
        margin: 1em 0;
      }
      dd {
        color: #6dff9b;
        text-align: right;
      }
      dd.attention {
        color: #ffc65c;
      }
      .dim {
        color: #93aa9a;
      }
      .print {
        color: #7fe9ff;
        font: inherit;
        letter-spacing: 0;
        text-transform: none;
      }
      @container (min-width: 1250px) {
        .screen {
          font-size: 28px;
        }
      }
      @media (max-height: 500px) {
        .screen {
          padding-block: 8px;
        }
        dl {
          margin: 0.5em 0;
        }
      }
      @container (max-width: 620px) {
        .screen {
          grid-template-columns: 1fr;
          padding: 24px 20px;
          align-content: start;
        }
        .post {
          order: 2;
        }
        dl,
        .name,
        .post > .version {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const claim = this.state.phase === 'claim';
    return html`<div class="screen">
      <div class="post">
        <p class="name">MyKVM</p>
        <p class="dim version">2000 Professional, version ${this.state.version ?? 'unknown'}</p>
        <dl>
          ${this.#facts(claim).map(
            ([name, value, good]) =>
              html`<dt>${name}</dt><dd class=${good ? '' : 'attention'}>${value}</dd>`,
          )}
        </dl>
        ${this.#fingerprint()}
      </div>
      ${
        claim
          ? html`<kvm-claim-form .state=${this.state} .actions=${this.actions}></kvm-claim-form>`
          : html`<kvm-login-form .state=${this.state} .actions=${this.actions}></kvm-login-form>`
      }
    </div>`;
  }

  /** Only what this page can see for itself. */
  #facts(claim: boolean): Array<[name: string, value: string, good: boolean]> {
    const able = (yes: boolean): [string, boolean] => (yes ? ['OK', true] : ['NONE', false]);
    return [
      ['Unit', location.host, true],
      ['Secure context', ...able(isSecureContext)],
      ['WebRTC', ...able('RTCPeerConnection' in window)],
      ['WebCodecs', ...able('VideoDecoder' in window)],
      ['Keyboard lock', ...able('keyboard' in navigator)],
      ['Owner', claim ? 'NONE' : 'SET', !claim],
    ];
  }

  #fingerprint(): TemplateResult | null {
    const { certificateSha256 } = this.state;
    if (certificateSha256 === null) return null;
    return html`<p class="dim">Certificate SHA-256, compare with the log:</p>
      ${formatFingerprint(certificateSha256).map((row) => html`<p class="print">${row}</p>`)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-boot': KvmBoot;
  }
}
