import { css } from 'lit';

const track = css`
  height: 4px;
  border-radius: 2px;
  background: var(--track-bg);
  box-shadow: var(--bevel-well);
`;

const thumb = css`
  appearance: none;
  width: 12px;
  height: 20px;
  border: 1px solid var(--thumb-edge);
  border-radius: 3px;
  background: var(--thumb);
  box-shadow: var(--bevel-out);
`;

/** A native range with a mark at its neutral middle. */
export const sliderStyles = css`
  input[type='range'] {
    appearance: none;
    width: 100%;
    height: 24px;
    margin: 0;
    cursor: pointer;
    border-radius: 3px;
    background: linear-gradient(var(--ink-2), var(--ink-2)) center / 1px 14px no-repeat;
  }
  ::-webkit-slider-runnable-track {
    ${track}
  }
  ::-moz-range-track {
    ${track}
  }
  ::-webkit-slider-thumb {
    ${thumb}
    margin-top: -8px;
  }
  ::-moz-range-thumb {
    ${thumb}
  }
  @media (forced-colors: active) {
    input[type='range'],
    ::-webkit-slider-thumb {
      appearance: auto;
    }
  }
`;
