import { css } from 'lit';

/** Where the parts stand. The width of the picture is solved from the window and the geometry tokens. */
export const appStyles = css`
  :host {
    height: 100dvh;
  }
  main {
    --frame-x: calc((var(--case) + var(--bezel)) * 2);
    --chrome-x: calc(var(--pad) * 2 + var(--gap) + var(--tower-w) + var(--frame-x));
    --chrome-y: calc(
      var(--pad) * 2 + var(--case) + var(--bezel) * 2 + var(--chin) + var(--stand) + var(--deck-h)
    );
    --pic-w: min(100vw - var(--chrome-x), (100dvh - var(--chrome-y)) * 16 / 9);
    --mon-w: calc(var(--pic-w) + var(--frame-x));
    height: 100%;
    display: grid;
    place-content: center;
    gap: 0 var(--gap);
    grid-template-columns: var(--mon-w) var(--tower-w);
    grid-template-rows: min(
      100dvh - var(--pad) * 2,
      var(--pic-w) * 9 / 16 + var(--chrome-y) - var(--pad) * 2 + var(--stand-give)
    );
  }
  .left {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  kvm-tower {
    min-height: 0;
  }
  .stand {
    position: relative;
    flex: 1;
    min-height: var(--stand);
  }
  .stand::before {
    content: '';
    position: absolute;
    left: 27%;
    top: -2px;
    width: 46%;
    height: calc(100% + 2px);
    background: var(--stand-bg);
    clip-path: polygon(8% 0, 92% 0, 100% 100%, 0 100%);
  }

  :host([layout='narrow']) main {
    --chrome-x: calc(var(--pad) * 2 + var(--frame-x));
    grid-template-columns: var(--mon-w);
  }
  kvm-tower[drawer] {
    position: fixed;
    z-index: 20;
    inset: 0 0 0 auto;
    width: min(360px, 100vw);
    animation: slide var(--m-slow) var(--ease-out);
  }
  :host([layout='portrait']) {
    --case: 8px;
    --bezel: 8px;
    --tube-pad: 4px;
    --r-case: 14px;
    --r-tube: 9px;
    --chin: 56px;
  }
  :host([layout='portrait']) main {
    display: flex;
    flex-direction: column;
    gap: 8px;
    padding: 8px 8px 0;
  }
  :host([layout='portrait']) .left,
  :host([layout='landscape']) .left {
    display: contents;
  }
  :host([layout='portrait']) kvm-monitor {
    flex: 0 1 auto;
    min-height: 0;
  }
  :host([layout='portrait']:not([signed-in])) kvm-monitor {
    flex: 1;
    padding-bottom: 8px;
  }
  :host([layout='portrait']) kvm-strip {
    flex: none;
  }
  :host([layout='portrait']) :is(kvm-touch-keys, kvm-tower) {
    flex: 1 1 0;
    min-height: 104px;
  }
  :host([layout='portrait']) kvm-tabs {
    flex: none;
    margin: 0 -8px;
  }

  :host([layout='landscape']) main {
    display: grid;
    grid-template-columns: minmax(64px, 1fr) minmax(0, calc(100dvh * 16 / 9)) minmax(64px, 1fr);
    grid-template-rows: 100dvh;
    gap: 0;
    background: #000;
  }
  :host([layout='landscape']) kvm-monitor {
    grid-area: 1 / 2;
    min-height: 0;
  }
  :host([layout='landscape']:not([signed-in])) kvm-monitor {
    grid-column: 1 / -1;
  }
  :host([layout='landscape']) kvm-rail {
    min-height: 0;
    grid-row: 1;
  }
  @keyframes slide {
    from {
      transform: translateX(24px);
      opacity: 0;
    }
  }
`;
