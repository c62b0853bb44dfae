import { css } from 'lit';

/** The case around the picture, and what is left of it in full screen and on a phone. */
export const monitorStyles = css`
  .case {
    position: relative;
    z-index: 2;
    padding: calc(var(--case) - 1px) calc(var(--case) - 1px) 0;
    border-radius: var(--r-case);
  }
  .bezel {
    padding: calc(var(--bezel) - var(--tube-pad));
    background: var(--bezel-bg);
    border-radius: calc(var(--r-tube) - 2px);
    box-shadow: var(--bezel-shadow);
  }
  .tube {
    position: relative;
    padding: var(--tube-pad);
    background: var(--tube-bg);
    border-radius: var(--r-tube);
    box-shadow: var(--tube-shadow);
  }
  kvm-picture {
    width: 100%;
    aspect-ratio: 16 / 9;
  }
  .beam {
    position: absolute;
    inset: var(--tube-pad);
    z-index: 2;
    border-radius: 3px;
    background: #eafff4;
    transform: scale(0);
    pointer-events: none;
  }
  .beam.on {
    animation: on var(--m-power-on) var(--ease-out) both;
  }
  @keyframes on {
    0% {
      transform: scale(0.02, 0.006);
    }
    35% {
      transform: scale(1, 0.006);
    }
    70% {
      transform: none;
      opacity: 0.5;
    }
    100% {
      transform: none;
      opacity: 0;
    }
  }
  .bar {
    flex: none;
    padding: 6px 16px;
    font: var(--t-small);
    text-align: center;
    color: #d6d4ca;
    background: #24272b;
  }
  .bar.warn {
    font-weight: 600;
    color: #ffc65c;
  }

  :host(:fullscreen) {
    background: #000;
  }
  :host(:fullscreen) .case {
    height: 100%;
    padding: 0;
    display: flex;
    flex-direction: column;
    background: #000;
    border: 0;
    border-radius: 0;
    box-shadow: none;
  }
  :host(:fullscreen) :is(.bezel, .tube) {
    flex: 1;
    min-height: 0;
    padding: 0;
    background: #000;
    border-radius: 0;
    box-shadow: none;
  }
  :host(:fullscreen) .bezel {
    display: flex;
  }
  :host(:fullscreen) kvm-picture {
    height: 100%;
    aspect-ratio: auto;
  }
  :host(:fullscreen) kvm-picture:focus-visible {
    outline: none;
  }

  /* On a phone held upright a card or form needs more room than the picture has: the tube grows. */
  :host([layout='portrait']) .case {
    max-height: 100%;
    display: flex;
    flex-direction: column;
  }
  :host([layout='portrait']) .bezel {
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  :host([layout='portrait'][boot]) :is(.case, .bezel, .tube) {
    flex: 1;
    height: 100%;
  }
  :host([layout='portrait']) .tube {
    min-height: 0;
    overflow: hidden;
  }
  :host([layout='portrait']) .tube:has(kvm-overlay[covering]) {
    padding: 0;
    display: grid;
  }
  :host([layout='portrait']) .tube:has(kvm-overlay[covering]) kvm-picture {
    position: absolute;
    inset: 0;
    height: 100%;
    aspect-ratio: auto;
  }
  :host([layout='portrait']) kvm-overlay[covering] {
    position: relative;
    min-height: calc((100vw - 48px) * 9 / 16);
    overflow: auto;
    pointer-events: auto;
  }

  :host([layout='landscape']) .case {
    height: 100%;
    padding: 0;
    background: #000;
    border: 0;
    box-shadow: none;
  }
  :host([layout='landscape']) :is(.bezel, .tube) {
    height: 100%;
    padding: 0;
    background: #000;
    border-radius: 0;
    box-shadow: none;
  }
  :host([layout='landscape']) kvm-picture {
    height: 100%;
    aspect-ratio: auto;
  }
  :host([layout='landscape']) kvm-chin {
    display: none;
  }
`;
