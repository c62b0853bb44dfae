import { css } from 'lit';

/** A sunk panel of the tower with its printed heading. */
export const panelStyles = css`
  .panel {
    background: var(--panel);
    box-shadow: var(--panel-shadow);
    border-radius: var(--r-panel);
    padding: 10px 12px;
  }
  .panel > header {
    display: flex;
    align-items: center;
    gap: 6px;
    margin-bottom: 8px;
    min-height: 16px;
  }
  .panel > header .btn {
    margin: -6px -6px -6px 0;
  }
  @media (max-height: 780px) {
    .panel {
      padding: 8px 10px;
    }
  }
`;
