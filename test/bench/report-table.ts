import { readFile, writeFile } from 'node:fs/promises';
import type { Figure } from './figures.js';
import { judge } from './goals.js';
import type { MachineFacts } from './machine-facts.js';

const BEGIN = '<!-- bench:begin (written by make bench) -->';
const END = '<!-- bench:end -->';

const HEADER = ['figure', 'value', 'unit', 'reference', 'ratio', 'spread of the runs'] as const;

/** Three significant digits, without an exponent. */
export function rounded(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

function cells(name: string, figure: Figure): string[] {
  const { value, unit, reference, ratio, runs } = figure;
  return [
    name,
    rounded(value),
    unit,
    reference === null ? '' : rounded(reference),
    ratio === null ? '' : ratio.toFixed(2),
    runs.length < 2 ? '' : `${rounded(Math.min(...runs))}–${rounded(Math.max(...runs))}`,
  ];
}

/** The figures as people read them in a terminal. */
export function terminalTable(figures: ReadonlyMap<string, Figure>): string {
  const rows = [[...HEADER], ...[...figures].map(([name, figure]) => cells(name, figure))];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column === 0 || column === 2
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const { reached, missed } = judge(figures);
  const goals = [`Goals reached: ${reached}. Missed: ${missed.length}.`, ...missed];
  return `${[...rows.map(line), '', ...goals].join('\n')}\n`;
}

/** The same as Markdown, with where and when it was measured. */
export function markdownTable(
  figures: ReadonlyMap<string, Figure>,
  machine: MachineFacts,
  peakLoad: number,
): string {
  const row = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  const load = `at most ${peakLoad.toFixed(1)}, ${machine.load.toFixed(1)} at the end`;
  const { reached, missed } = judge(figures);
  return [
    `Taken ${machine.date} UTC on ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}; load ${load}.`,
    '',
    row(HEADER),
    row(HEADER.map((_, column) => (column === 0 || column === 2 ? '---' : '---:'))),
    ...[...figures].map(([name, figure]) => row(cells(`\`${name}\``, figure))),
    '',
    `Goals reached in this run: ${reached}. Missed: ${missed.length}.`,
    ...(missed.length > 0 ? ['', ...missed.map((sentence) => `- ${sentence}`)] : []),
    '',
  ].join('\n');
}

/** Puts the table between the two marks of a document. Throws when the marks are missing. */
export async function writeIntoDocument(path: string, table: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${path} lacks the marks for the table`);
  await writeFile(path, `${text.slice(0, begin + BEGIN.length)}\n${table}${text.slice(end)}`);
}
