import { css } from 'lit';

/** Forms in a panel of the tower: labels above their fields, one column. */
export const formStyles = css`
  form,
  .fields {
    display: grid;
    gap: 8px;
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
    gap: 8px;
    min-height: var(--hit-dense);
    color: var(--ink);
  }
  label.check input {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--accent);
  }
  textarea,
  input:not([type='checkbox']),
  select {
    width: 100%;
    min-width: 0;
    min-height: var(--hit-dense);
    padding: 4px 7px;
    font: var(--t-body);
    color: var(--ink);
    background: var(--panel-2);
    border: 1px solid var(--face-edge);
    border-radius: var(--r-key);
    resize: vertical;
  }
  textarea {
    font: var(--t-small);
  }
  :disabled {
    color: var(--ink-2);
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .note {
    font: var(--t-small);
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .wrong {
    margin-top: 6px;
    font: var(--t-label);
    color: var(--bad);
    overflow-wrap: anywhere;
  }
  .done {
    font: var(--t-label);
    color: var(--ok);
  }
  @media (pointer: coarse) {
    /* Below 16 px phones zoom in when a field gets the focus. */
    textarea,
    input:not([type='checkbox']),
    select {
      font-size: 16px;
    }
  }
`;
