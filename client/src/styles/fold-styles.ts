import { css } from 'lit';

/** A panel that unfolds: a heading with an arrow. */
export const foldStyles = css`
  summary {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 16px;
    cursor: pointer;
    border-radius: 3px;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary .i {
    width: 12px;
    height: 12px;
    color: var(--ink-2);
  }
  [open] > summary {
    margin-bottom: 8px;
  }
  [open] > summary .i {
    rotate: 180deg;
  }
`;
