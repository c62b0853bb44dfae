import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { sliderStyles } from '../styles/slider-styles.js';
import { ConsoleElement } from './console-element.js';
import { type ImageSettings, isNeutral, NEUTRAL_IMAGE } from './picture-filter.js';

const SLIDERS = [
  { key: 'brightness', label: 'Brightness', min: 50, max: 150 },
  { key: 'contrast', label: 'Contrast', min: 50, max: 150 },
  { key: 'saturation', label: 'Saturation', min: 0, max: 200 },
] as const;

/** Sliders for the picture on this page only. Fires `kvm-image` with the new {@link ImageSettings}. */
@customElement('kvm-image-panel')
export class KvmImagePanel extends ConsoleElement {
  static override styles = [
    ...ConsoleElement.styles,
    controlStyles,
    panelStyles,
    sliderStyles,
    css`
      label {
        display: grid;
        grid-template-columns: 76px 1fr 36px;
        align-items: center;
        gap: 10px;
        min-height: 24px;
        font: 500 13px / 16px var(--font-print);
      }
      output {
        text-align: right;
        font-variant-numeric: tabular-nums;
        color: var(--ink-2);
      }
      @media (pointer: coarse) {
        label {
          min-height: 44px;
        }
      }
    `,
  ];

  @property({ attribute: false }) image: ImageSettings = NEUTRAL_IMAGE;

  protected override render(): TemplateResult {
    const neutral = isNeutral(this.image);
    return html`<section class="panel" aria-label="Image">
      <header>
        <h2 class="print grow">Image on this screen</h2>
        <button class="btn sm quiet" ?disabled=${neutral} @click=${this.#reset}>
          ${neutral ? 'Neutral' : 'Reset'}
        </button>
      </header>
      ${SLIDERS.map(
        ({ key, label, min, max }) => html`<label>
          ${label}
          <input
            type="range"
            min=${min}
            max=${max}
            .value=${String(this.image[key])}
            @input=${(event: Event) => this.#slide(key, event)}
          />
          <output>${this.image[key]}%</output>
        </label>`,
      )}
    </section>`;
  }

  #slide(key: keyof ImageSettings, event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const value = event.target.valueAsNumber;
    // Near the middle the thumb falls into the neutral notch: 101 % would cost a filter for nothing.
    this.#change({ ...this.image, [key]: Math.abs(value - 100) <= 2 ? 100 : value });
  }

  #reset(): void {
    this.#change(NEUTRAL_IMAGE);
  }

  #change(image: ImageSettings): void {
    this.dispatchEvent(
      new CustomEvent('kvm-image', { detail: image, bubbles: true, composed: true }),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kvm-image-panel': KvmImagePanel;
  }
}
