/** What every option has in common: where it is written, what it means and what it may be. */
interface OptionText {
  /** Long flag without dashes; also the key in the config file. MYKVM_* in the environment is made from it. */
  readonly flag: string;
  readonly short?: string;
  /** One sentence for --help and the documentation. */
  readonly help: string;
  /** What is allowed, as words that follow "allowed:". */
  readonly allowed: string;
  /** For tests: listed apart in --help. */
  readonly forTests?: boolean;
}

/** An option with one value; the last one given wins. `parse` returns undefined for what is not allowed. */
export interface ValueOption<T> extends OptionText {
  readonly kind: 'value';
  readonly placeholder: string;
  readonly fallback: T;
  /** The fallback as a user would write it; only where String() would not. */
  readonly fallbackText?: string;
  parse(text: string): T | undefined;
}

/** An option that may be given several times; in the environment its values are separated by commas. */
export interface ListOption<T> extends OptionText {
  readonly kind: 'list';
  readonly placeholder: string;
  parse(text: string): T | undefined;
}

/** A switch: off unless given. */
export interface SwitchOption extends OptionText {
  readonly kind: 'switch';
}

export type Option = ValueOption<unknown> | ListOption<unknown> | SwitchOption;

/** The type of an option's value in the configuration. */
export type OptionValue<O> =
  O extends ValueOption<infer T> ? T : O extends ListOption<infer T> ? readonly T[] : boolean;

export function valueOption<T>(option: Omit<ValueOption<T>, 'kind'>): ValueOption<T> {
  return { kind: 'value', ...option };
}

export function listOption<T>(option: Omit<ListOption<T>, 'kind'>): ListOption<T> {
  return { kind: 'list', ...option };
}

export function switchOption(option: Omit<SwitchOption, 'kind' | 'allowed'>): SwitchOption {
  return { kind: 'switch', allowed: 'true or false', ...option };
}

/** The environment variable of an option: MYKVM_BITRATE_FLOOR for bitrate-floor. */
export function environmentName(option: Option): string {
  return `MYKVM_${option.flag.toUpperCase().replaceAll('-', '_')}`;
}
