import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { type ConsoleActions, type ConsoleState, INITIAL_STATE } from '../session/console-state.js';
import { baseStyles } from '../styles/base-styles.js';

/** What every part of the console draws from and acts through; both are handed down by `<kvm-app>`. */
export abstract class ConsoleElement extends LitElement {
  static override styles = [baseStyles];

  @property({ attribute: false }) state: ConsoleState = INITIAL_STATE;

  @property({ attribute: false }) actions: ConsoleActions | null = null;

  /** Signed in: there is a console to show and not the boot screen. */
  protected get signedIn(): boolean {
    return this.state.userName !== null;
  }

  /** Keys and pointer of this viewer reach the target. */
  protected get canType(): boolean {
    return this.state.phase === 'live' && this.state.inControl;
  }
}
