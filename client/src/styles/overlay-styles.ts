import { css } from 'lit';

/** Glass of the tube and the card on it. Only the card's button takes the pointer: a click beside it focuses the picture. */
export const overlayStyles = css`
  :host {
    position: absolute;
    inset: 0;
    z-index: 1;
    overflow: hidden;
    border-radius: inherit;
    pointer-events: none;
    container-type: inline-size;
  }
  :host(:not([covering])) {
    background: none;
  }
  .glass {
    position: relative;
    min-height: 100%;
    height: 100%;
    display: grid;
    place-items: safe center;
    padding: 12px;
    overflow: auto;
    background: #0a0d0c radial-gradient(90% 90% at 50% 42%, #1d2522, #0a0d0c 78%);
  }
  /* A change of mode takes the signal for a moment: the last picture stays that long. */
  .glass.late {
    animation: appear var(--m-base) var(--ease-out) 700ms both;
  }
  .glass::before {
    content: '';
    position: absolute;
    inset: 0;
    background: repeating-linear-gradient(rgb(0 0 0 / 0.28) 0 1px, transparent 1px 3px);
  }
  kvm-boot {
    height: 100%;
    pointer-events: auto;
  }
  .btn {
    pointer-events: auto;
  }
  .card {
    position: relative;
    width: min(680px, 100%);
    overflow: hidden;
    color: var(--ink);
    background: var(--card);
    border-radius: 8px;
    box-shadow: 0 20px 60px rgb(0 0 0 / 0.6);
  }
  /* What lasts a moment only is not flashed at people. */
  .card.brief {
    animation: appear var(--m-base) var(--ease-out) 300ms both;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  header {
    display: flex;
    align-items: flex-start;
    gap: 14px;
    padding: 16px 20px 14px;
  }
  header > div {
    flex: 1;
    min-width: 0;
  }
  header .btn {
    align-self: center;
  }
  .mark {
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    border-radius: 8px;
    color: var(--accent);
    background: var(--accent-wash);
  }
  .mark .i {
    width: 22px;
    height: 22px;
  }
  h2 {
    font: var(--t-title);
  }
  header p {
    margin-top: 2px;
    font: var(--t-body);
    color: var(--ink-2);
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(112px, 1fr));
    background: var(--panel);
    border-block: 1px solid var(--rule);
  }
  .facts li {
    display: grid;
    grid-template-columns: 16px 1fr;
    column-gap: 8px;
    align-items: center;
    padding: 9px 6px 9px 14px;
    border-left: 1px solid var(--rule);
    margin-left: -1px;
  }
  .facts b {
    font: 600 13px / 17px var(--font-print);
  }
  .value {
    grid-column: 2;
    font: 500 13px / 17px var(--font-print);
    color: var(--ink-2);
  }
  .level .i {
    stroke-width: 2;
  }
  .level.ok {
    color: var(--ok);
  }
  .level.warn {
    color: var(--warn);
  }
  .level.bad {
    color: var(--bad);
  }
  ol {
    padding: 6px 20px;
    counter-reset: try;
  }
  ol li {
    display: flex;
    gap: 12px;
    padding: 8px 0;
    font: var(--t-body);
    counter-increment: try;
  }
  ol li + li {
    border-top: 1px solid var(--rule);
  }
  ol li::before {
    content: counter(try);
    width: 14px;
    font: 600 14px / 20px var(--font-print);
    color: var(--accent);
  }
  footer {
    display: flex;
    align-items: center;
    gap: 9px;
    min-height: 38px;
    padding: 9px 20px;
    font: 400 13px / 18px var(--font-ui);
    color: var(--ink-2);
    background: var(--panel);
    border-top: 1px solid var(--rule);
  }
  .busy {
    flex: none;
    width: 9px;
    height: 9px;
    border-radius: 2px;
    background: var(--accent);
  }
  @container (max-width: 520px) {
    header {
      flex-wrap: wrap;
      padding: 14px 14px 12px;
    }
    header .btn {
      width: 100%;
    }
    ol,
    footer {
      padding-inline: 14px;
    }
    .facts {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
