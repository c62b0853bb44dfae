import { parseArgs } from 'node:util';
import { environmentName, type Option } from './option.js';

/** One value as somebody wrote it, and where: "--port", "MYKVM_PORT" or "port in FILE". */
export interface Written {
  readonly option: Option;
  readonly text: string;
  readonly where: string;
}

/** What one source says, and what is wrong with its form. */
export interface SourceResult {
  readonly written: Written[];
  readonly problems: string[];
}

/** Flags beside those of the table. */
export interface CommandLine extends SourceResult {
  readonly help: boolean;
  readonly version: boolean;
  readonly configPath: string | undefined;
}

/** Reads the command line. A flag without its value and anything unknown are problems. */
export function readCommandLine(args: readonly string[], options: readonly Option[]): CommandLine {
  const byFlag = new Map(options.map((option) => [option.flag, option]));
  const known: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  };
  for (const { flag, kind, short } of options) {
    known[flag] = { type: kind === 'switch' ? 'boolean' : 'string', ...(short ? { short } : {}) };
  }
  const { tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true });
  const result = {
    written: [] as Written[],
    problems: [] as string[],
    help: false,
    version: false,
    configPath: undefined as string | undefined,
  };
  for (const token of tokens) {
    if (token.kind === 'positional') {
      result.problems.push(`"${token.value}" is not a flag; see --help`);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const type = known[name]?.type;
    // A following flag is no value, but an empty or dashed text behind "=" is.
    const missing = value === undefined || (!token.inlineValue && value.startsWith('-'));
    if (type === undefined) {
      result.problems.push(`${rawName} is not a known flag; see --help`);
    } else if (type === 'string' && missing) {
      result.problems.push(`${rawName} needs a value; allowed: ${allowedOf(byFlag.get(name))}`);
    } else if (name === 'config') {
      result.configPath = value;
    } else if (name === 'help' || name === 'version') {
      result[name] = true;
    } else {
      const option = byFlag.get(name);
      if (option) result.written.push({ option, text: value ?? 'true', where: rawName });
    }
  }
  return result;
}

function allowedOf(option: Option | undefined): string {
  return option?.allowed ?? 'the path of a file';
}

/** Read elsewhere: the config file's path, and the addon that the sanitizer's test run loads. */
const NO_OPTIONS: ReadonlySet<string> = new Set(['MYKVM_CONFIG', 'MYKVM_ADDON']);

/** Reads MYKVM_* variables. Empty ones count as unset, as service files leave them; unknown ones are problems. */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  options: readonly Option[],
): SourceResult {
  const byName = new Map(options.map((option) => [environmentName(option), option]));
  const written: Written[] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('MYKVM_') || NO_OPTIONS.has(name) || !value) continue;
    const option = byName.get(name);
    if (!option) {
      problems.push(`${name} is not a known variable; see --help`);
      continue;
    }
    const texts = option.kind === 'list' ? value.split(/[\s,]+/).filter(Boolean) : [value];
    written.push(...texts.map((text) => ({ option, text, where: name })));
  }
  return { written, problems };
}

/** Reads the text of a config file: a JSON object whose keys are the long flags. */
export function readConfigFile(
  text: string,
  path: string,
  options: readonly Option[],
): SourceResult {
  const byFlag = new Map(options.map((option) => [option.flag, option]));
  const written: Written[] = [];
  const problems: string[] = [];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { written, problems: [`${path} is not valid JSON: ${(error as Error).message}`] };
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { written, problems: [`${path} must hold one JSON object, as in {"port": 8443}`] };
  }
  for (const [key, value] of Object.entries(content)) {
    const option = byFlag.get(key);
    const where = `"${key}" in ${path}`;
    if (!option) {
      problems.push(`${where} is not a known option; see --help`);
      continue;
    }
    const values = option.kind === 'list' && Array.isArray(value) ? value : [value];
    for (const item of values) {
      if (['string', 'number', 'boolean'].includes(typeof item)) {
        written.push({ option, text: String(item), where });
      } else {
        problems.push(
          `${where}: ${JSON.stringify(item)} is not allowed; allowed: ${option.allowed}`,
        );
      }
    }
  }
  return { written, problems };
}
