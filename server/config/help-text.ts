import { environmentName, type Option } from './option.js';
import { OPTIONS } from './options.js';

const ALL: readonly Option[] = Object.values(OPTIONS);

/** The text of --help. */
export function helpText(): string {
  const own = [
    row('    --config FILE', 'JSON file with the long flags as keys, as in {"port": 8443}.'),
    row('-h, --help', 'Show this text.'),
    row('    --version', 'Show the version.'),
  ];
  return [
    'Usage: mykvm [flags]          start the appliance',
    '       mykvm doctor [flags]   look at this machine, and say what is missing and what to do',
    '',
    'Each flag can also be set as an environment variable (--bitrate-floor is MYKVM_BITRATE_FLOOR)',
    'or in the file of --config. The file is weaker than the environment, which is weaker than flags.',
    '',
    ...ALL.filter((option) => !option.forTests).map(optionRow),
    ...own,
    '',
    'For tests:',
    ...ALL.filter((option) => option.forTests).map(optionRow),
    '',
  ].join('\n');
}

/** The same table in Markdown, for the documentation. */
export function optionsMarkdown(): string {
  const lines = ALL.map((option) => {
    const flag = `${option.short ? `\`-${option.short}\`, ` : ''}\`${usage(option)}\``;
    return `| ${flag} | \`${environmentName(option)}\` | ${fallbackText(option)} | ${option.help} | ${option.allowed} |`;
  });
  return [
    '| flag | environment | default | meaning | allowed |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

function optionRow(option: Option): string {
  const short = option.short ? `-${option.short}, ` : '    ';
  const fallback = fallbackText(option);
  return row(short + usage(option), option.help + (fallback ? ` [${fallback}]` : ''));
}

function usage(option: Option): string {
  return option.kind === 'switch' ? `--${option.flag}` : `--${option.flag} ${option.placeholder}`;
}

function fallbackText(option: Option): string {
  if (option.kind !== 'value' || option.fallback === null) return '';
  return option.fallbackText ?? String(option.fallback);
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(28)} ${right}`;
}
