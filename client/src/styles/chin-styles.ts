import { css } from 'lit';

/** The strip of plastic below the tube. */
export const chinStyles = css`
  .chin {
    height: var(--chin);
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 0 4px;
  }
  .badge {
    display: flex;
    align-items: center;
    gap: 10px;
    font: 600 15px / 1 var(--font-print);
    letter-spacing: 0.02em;
    white-space: nowrap;
  }
  .badge small {
    font: 500 14px / 1 var(--font-print);
    color: var(--ink-2);
  }
  .triad {
    display: grid;
    grid-template-columns: repeat(3, 5px);
    gap: 2px;
    height: 16px;
  }
  .triad i {
    border-radius: 1px;
    background: #ff4b3a;
  }
  .triad i:nth-child(2) {
    background: #2fae55;
  }
  .triad i:nth-child(3) {
    background: #3d7fe6;
  }
  .tag {
    padding: 0 6px;
    font: 600 12px / 18px var(--font-print);
    color: var(--accent);
    border: 1px solid currentColor;
    border-radius: 3px;
    white-space: nowrap;
  }
  .middle {
    flex: 1;
    min-width: 0;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
  }
  .hint {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    font: var(--t-small);
    color: var(--ink-2);
  }
  .hint.warn {
    font-weight: 600;
    color: var(--warn);
  }
  .toast {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
    padding: 3px 5px 3px 12px;
    font: 400 13px / 18px var(--font-ui);
    background: var(--float);
    border: 1px solid var(--float-edge);
    border-left: 4px solid var(--warn);
    border-radius: var(--r-key);
  }
  .btn.icon {
    min-width: var(--hit-dense);
  }
  :host([layout='narrow']) .badge small,
  :host([layout='portrait']) .badge small,
  :host([layout='portrait']) .tag {
    display: none;
  }
  :host([layout='portrait']) .btn.sm {
    min-width: 44px;
  }
`;
