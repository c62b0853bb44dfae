import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { controlStyles } from '../styles/control-styles.js';
import { formStyles } from '../styles/form-styles.js';
import { panelStyles } from '../styles/panel-styles.js';
import { ConsoleElement } from './console-element.js';

/** One of the target's cables: a panel that asks the appliance when it comes into sight, for who has control to change. */
export abstract class TargetPanel extends ConsoleElement {
  static override styles = [...ConsoleElement.styles, controlStyles, panelStyles, formStyles];

  /** Its page is the one in sight. */
  @property({ type: Boolean }) shown = false;

  /** Asks the appliance how it is. */
  protected abstract ask(): void;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('shown') && this.shown) this.ask();
  }

  /** The panel around what it has to offer, with what went wrong last below that. */
  protected panel(heading: string, content: TemplateResult, error: string | null): TemplateResult {
    return html`<section class="panel" aria-label=${heading}>
      <header><h2 class="print">${heading}</h2></header>
      <div class="fields">
        ${content}
        ${this.canType ? nothing : html`<p class="note">Only who has control changes this.</p>`}
      </div>
      ${error === null ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
    </section>`;
  }
}
