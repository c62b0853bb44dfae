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
