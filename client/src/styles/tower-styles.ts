import { css } from 'lit';

/** The tower: what always reports above, a row of selector keys, one page below. */
export const towerStyles = css`
  aside {
    height: 100%;
    min-height: 0;
    padding: 14px;
    display: flex;
    flex-direction: column;
    gap: 10px;
    border-radius: var(--r-box);
  }
  aside > * {
    flex: none;
  }
  .title {
    display: flex;
    align-items: center;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 0 1px 2px 2px;
  }
  kvm-lamps {
    flex: 1;
    min-width: 0;
    padding-right: 4px;
  }
  .metrics {
    padding: 10px;
  }
  kvm-rung {
    margin-top: 8px;
  }
  .problem {
    margin-top: 6px;
    max-height: 64px;
    overflow-y: auto;
    font: var(--t-label);
    color: var(--bad);
    overflow-wrap: anywhere;
  }
  .bar {
    display: flex;
    gap: 8px;
  }
  .tabs {
    flex: 1;
    min-width: 0;
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
  }
  .tab {
    position: relative;
    display: grid;
    place-items: center;
    align-content: center;
    gap: 3px;
    min-width: 0;
    min-height: 44px;
    margin-left: -1px;
    padding: 7px 0 5px;
    font: 600 11px / 14px var(--font-print);
    letter-spacing: 0.02em;
    color: var(--ink);
    background: var(--face);
    border: 1px solid var(--face-edge);
    box-shadow: var(--bevel-out);
    cursor: pointer;
    touch-action: manipulation;
  }
  .tab:first-child {
    margin: 0;
    border-radius: var(--r-key) 0 0 var(--r-key);
  }
  .tab:last-child {
    border-radius: 0 var(--r-key) var(--r-key) 0;
  }
  .tab:hover {
    background: var(--face-hover);
  }
  .tab[aria-selected='true'] {
    color: var(--accent);
    background: var(--face-down);
    box-shadow: var(--bevel-in);
  }
  .tab[aria-selected='true']::after {
    content: '';
    position: absolute;
    inset: auto 22% 2px;
    height: 2px;
    border-radius: 1px;
    background: var(--accent);
  }
  .tab:focus-visible {
    z-index: 1;
  }
  .tab .mark {
    position: absolute;
    top: 3px;
    right: 6px;
    font: 700 11px / 14px var(--font-print);
    color: var(--bad);
  }
  .page {
    flex: 1 1 0;
    min-height: 0;
    display: flex;
    flex-direction: column;
    gap: 10px;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .page > * {
    flex: none;
  }
  .page > kvm-log {
    flex: 1 0 120px;
    min-height: 0;
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .vents {
    flex: 1;
    height: 22px;
    background: var(--vents);
    border-radius: 2px;
    opacity: 0.85;
  }
  :host([phone]) aside {
    padding: 10px;
    gap: 8px;
    border-radius: 14px;
  }
  :host([drawer]) aside {
    border-radius: 0;
  }
  :host([phone]) .page > kvm-log {
    flex: 1 0 200px;
  }
  @media (max-height: 780px) {
    aside {
      gap: 8px;
      padding: 10px;
    }
  }
  @media (forced-colors: active) {
    .tab[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
