/** Named keys that stand at one place on every keyboard: `key` and `code` are the same word. */
const SAME_NAME =
  /^(Enter|Tab|Escape|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Arrow(Up|Down|Left|Right)|CapsLock|F\d{1,2})$/;
const SIDED = /^(Shift|Control|Alt|Meta)$/;
/** KeyboardEvent.DOM_KEY_LOCATION_RIGHT */
const LOCATION_RIGHT = 2;

export interface NamedKey {
  readonly code: string;
  readonly key: string;
  readonly location: number;
}

/**
 * Where the key stands. Screen keyboards and input methods leave `code` empty or 'Unidentified': then keys whose
 * place `key` gives away are taken from a US keyboard, others give null.
 */
export function keyCodeOf({ code, key, location }: NamedKey): string | null {
  if (code !== '' && code !== 'Unidentified') return code;
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  if (/^[0-9]$/.test(key)) return `Digit${key}`;
  if (key === ' ') return 'Space';
  if (SAME_NAME.test(key)) return key;
  if (SIDED.test(key)) return `${key}${location === LOCATION_RIGHT ? 'Right' : 'Left'}`;
  return null;
}
