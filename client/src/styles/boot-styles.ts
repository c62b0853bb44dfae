import { css } from 'lit';

/** Fields of the boot screen: phosphor on glass. */
export const bootFormStyles = css`
  form {
    display: grid;
    gap: 0.7em;
  }
  h1 {
    font: inherit;
    font-size: 2em;
    line-height: 1.1;
    color: #fff;
  }
  .dim {
    color: #93aa9a;
  }
  label {
    display: grid;
    gap: 0.2em;
  }
  input {
    width: 100%;
    min-height: max(2em, var(--hit));
    padding: 0.3em 0.6em;
    font: inherit;
    color: #eafff0;
    caret-color: #6dff9b;
    background: #03130a;
    border: 1px solid #5f8f70;
    border-radius: 2px;
  }
  input:focus {
    outline: 1px solid #6dff9b;
    outline-offset: 0;
    border-color: #6dff9b;
  }
  input:-webkit-autofill {
    -webkit-text-fill-color: #eafff0;
    box-shadow: inset 0 0 0 99px #03130a;
  }
  .code {
    letter-spacing: 0.2em;
    text-transform: uppercase;
  }
  button {
    min-height: max(2.1em, var(--hit));
    padding: 0.3em 0.9em;
    font: inherit;
    color: #032010;
    background: #6dff9b;
    border: 0;
    border-radius: 2px;
    cursor: pointer;
  }
  button:hover {
    background: #a2ffc0;
  }
  button:focus-visible {
    outline: 2px solid #fff;
    outline-offset: 2px;
  }
  button:disabled {
    color: #cfe9d6;
    background: #1d3a28;
    cursor: default;
  }
  .error {
    padding-left: 0.6em;
    border-left: 4px solid #ff9184;
    color: #ff9184;
  }
  .weak {
    color: #ffc65c;
  }
  @media (max-height: 500px) {
    form {
      gap: 0.3em;
    }
    h1 {
      font-size: 1.4em;
    }
    h1 + .dim {
      display: none;
    }
  }
`;
