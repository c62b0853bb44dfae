import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { helpText } from './config/help-text.js';
import { iceOptions } from './config/ice-options.js';
import type { Option, OptionValue } from './config/option.js';
import { OPTIONS } from './config/options.js';
import { truth } from './config/parsers.js';
import {
  readCommandLine,
  readConfigFile,
  readEnvironment,
  type Written,
} from './config/sources.js';
import { iceProblems } from './protocol/ice-configuration.js';

type Options = typeof OPTIONS;
type Values = { readonly [K in keyof Options]: OptionValue<Options[K]> };

/** The whole configuration: checked, frozen, one field per option of the table. */
export interface Config extends Omit<Values, 'stateDir'> {
  /** Always a path: the default is resolved. */
  readonly stateDir: string;
}

/** What the command line asks for. `problems` has every mistake of all sources, one sentence each. */
export type ConfigResult =
  | { kind: 'config'; config: Config }
  | { kind: 'help'; text: string }
  | { kind: 'version' }
  | { kind: 'problems'; problems: string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads file, environment and flags, each stronger than the one before. Reads the config file, else no I/O. */
export function loadConfig(args: readonly string[], environment: Environment): ConfigResult {
  const options: readonly Option[] = Object.values(OPTIONS);
  const flags = readCommandLine(args, options);
  if (flags.help) return { kind: 'help', text: helpText() };
  if (flags.version) return { kind: 'version' };
  const variables = readEnvironment(environment, options);
  const configPath = flags.configPath ?? (environment['MYKVM_CONFIG'] || undefined);
  const where = flags.configPath === undefined ? 'MYKVM_CONFIG' : '--config';
  const file = configPath === undefined ? undefined : readFile(configPath, where, options);
  const sources = [file, variables, flags].filter((source) => source !== undefined);
  const problems = sources.flatMap((source) => source.problems);
  const values: Record<string, unknown> = {};
  const places: Record<string, string> = {};
  for (const [key, option] of Object.entries(OPTIONS)) {
    const own = sources.map((source) => source.written.filter((item) => item.option === option));
    // The strongest source that names the option decides; values of weaker ones are still checked.
    const strongest = own.findLastIndex((written) => written.length > 0);
    const parsed = own.map((written) => written.map((item) => parse(item, problems)));
    const chosen = parsed[strongest] ?? [];
    if (option.kind === 'list') values[key] = Object.freeze(chosen);
    else values[key] = chosen.at(-1) ?? (option.kind === 'switch' ? false : option.fallback);
    const where = own[strongest]?.at(-1)?.where;
    if (where !== undefined) places[key] = where;
  }
  values['stateDir'] ??= defaultStateDir(environment);
  // Complete by construction: the loop above visits each key of the table.
  const config = values as unknown as { -readonly [K in keyof Config]: Config[K] };
  // A low ceiling alone lowers the floor with it; only a floor that somebody wrote can contradict.
  if (!places['bitrateFloorBps']) {
    config.bitrateFloorBps = Math.min(config.bitrateFloorBps, config.bitrateBps);
  }
  problems.push(...contradictions(config, places));
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'config', config: Object.freeze(config) };
}

function readFile(path: string, where: string, options: readonly Option[]) {
  try {
    return readConfigFile(readFileSync(path, 'utf8'), path, options);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const problem = `${where}: ${JSON.stringify(path)} cannot be read (${reason}); allowed: the path of a JSON file`;
    return { written: [], problems: [problem] };
  }
}

function parse({ option, text, where }: Written, problems: string[]): unknown {
  const value = option.kind === 'switch' ? truth(text) : option.parse(text);
  if (value === undefined) {
    problems.push(`${where}: ${JSON.stringify(text)} is not allowed; allowed: ${option.allowed}`);
  }
  return value;
}

/** Values that are fine one by one but not together. */
function contradictions(config: Config, places: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  if (config.certPath !== null && config.keyPath === null) {
    found.push(`${places['certPath']}: --key is missing; allowed: both or neither`);
  }
  if (config.keyPath !== null && config.certPath === null) {
    found.push(`${places['keyPath']}: --cert is missing; allowed: both or neither`);
  }
  if (config.bitrateFloorBps > config.bitrateBps) {
    found.push(
      `${places['bitrateFloorBps']}: ${config.bitrateFloorBps} is above the bitrate ${config.bitrateBps}; allowed: ${OPTIONS.bitrateFloorBps.allowed}`,
    );
  }
  if (config.qpMin > config.qpMax) {
    const key = places['qpMin'] === undefined ? 'qpMax' : 'qpMin';
    found.push(
      `${places[key]}: the finest quantizer ${config.qpMin} is above the coarsest ${config.qpMax}; allowed: ${OPTIONS[key].allowed}`,
    );
  }
  if (config.testMarks && config.target === 'hardware') {
    found.push(
      `${places['testMarks']}: a real computer has no test marks; allowed: with --target simulated or auto`,
    );
  }
  const ice = iceOptions(config);
  for (const problem of ice ? iceProblems(ice) : []) {
    const keys = ['icePolicy', 'turnSecret', 'turnUsername', 'turnPassword', 'iceServers'];
    const where = keys.map((key) => places[key]).find((place) => place !== undefined);
    found.push(`${where}: ${problem}; allowed: ${OPTIONS.iceServers.allowed}`);
  }
  return found;
}

function defaultStateDir(environment: Environment): string {
  // systemd separates several directories by colons; the first one is ours.
  const fromSystemd = environment['STATE_DIRECTORY']?.split(':')[0];
  if (fromSystemd) return fromSystemd;
  const base = environment['XDG_STATE_HOME'];
  return join(base || join(environment['HOME'] || homedir(), '.local', 'state'), 'mykvm');
}
