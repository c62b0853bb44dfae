import { css } from 'lit';

/** Things that can be pressed: buttons and keys. */
export const controlStyles = css`
  .btn,
  .key {
    color: var(--ink);
    border: 1px solid var(--face-edge);
    border-radius: var(--r-key);
    background: var(--face);
    box-shadow: var(--bevel-out);
    cursor: pointer;
    white-space: nowrap;
    touch-action: manipulation;
    transition:
      background var(--m-fast),
      box-shadow var(--m-press);
  }
  .btn {
    min-height: var(--hit);
    padding: 0 12px;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    font: 500 14px / 20px var(--font-print);
    letter-spacing: 0.01em;
  }
  .btn.sm {
    min-height: var(--hit-dense);
    padding: 0 8px;
    font-size: 13px;
  }
  .btn.icon {
    padding: 0;
    min-width: var(--hit);
  }
  .btn:hover,
  .key:hover {
    background: var(--face-hover);
  }
  .btn:active,
  .btn[aria-pressed='true'],
  .btn[aria-checked='true'] {
    background: var(--face-down);
    box-shadow: var(--bevel-in);
  }
  .btn[aria-pressed='true'],
  .btn[aria-checked='true'] {
    color: var(--accent);
  }
  .btn.go {
    background: var(--accent);
    border-color: var(--accent);
    box-shadow: var(--go-shadow);
    color: var(--on-accent);
    font-weight: 600;
  }
  .btn.go:hover {
    background: var(--accent-2);
  }
  .btn.quiet {
    background: none;
    box-shadow: none;
    border-color: transparent;
  }
  .btn.quiet:hover:not(:disabled) {
    border-color: var(--rule);
  }
  .key {
    min-height: 44px;
    min-width: 44px;
    padding: 0 10px var(--key-lip);
    display: inline-flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 1px;
    font: 500 13px / 15px var(--font-print);
    background: var(--key-face);
    box-shadow: var(--key-shadow);
  }
  .key b {
    font-weight: 600;
    font-size: 14px;
  }
  .key:active {
    background: var(--face-down);
    box-shadow: var(--key-down);
    padding-bottom: 0;
  }
  .key[aria-pressed='true'] {
    background: var(--accent-wash);
    border-color: var(--accent);
    color: var(--accent);
  }
  .btn:disabled,
  .key:disabled {
    color: var(--ink-2);
    background: var(--panel);
    box-shadow: none;
    cursor: default;
  }
  .btn.quiet:disabled {
    background: none;
  }
  @media (forced-colors: active) {
    [aria-pressed='true'],
    [aria-checked='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
