import { css } from 'lit';

/** Reset, icons, type roles and the focus ring: in every element's shadow root. */
export const baseStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .i {
    display: block;
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: square;
  }
  .print {
    font: var(--t-print);
    letter-spacing: var(--track);
    text-transform: uppercase;
    color: var(--ink-2);
  }
  .grow {
    flex: 1;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .case {
    background: var(--case-bg);
    border: 1px solid var(--case-edge);
    box-shadow: var(--case-shadow);
  }
`;
