import { css } from 'lit';

/** A lamp. Its state is always written beside it, too. */
export const lampStyles = css`
  .lamp {
    --c: var(--led-g);
    display: block;
    width: 10px;
    height: 10px;
    flex: none;
    border-radius: 50%;
    background: var(--lamp-shine), var(--c);
    box-shadow:
      var(--lamp-ring),
      0 0 var(--lamp-glow) color-mix(in srgb, var(--c) 70%, transparent);
  }
  .lamp.red {
    --c: var(--led-r);
  }
  .lamp.blue {
    --c: var(--led-b);
  }
  .lamp.amber {
    --c: var(--led-a);
  }
  .lamp.off {
    background: var(--lamp-off);
    box-shadow: var(--lamp-off-ring);
  }
  @media (forced-colors: active) {
    .lamp {
      forced-color-adjust: none;
    }
  }
`;
