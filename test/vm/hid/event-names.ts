import { readFileSync } from 'node:fs';

// The kernel's own names of what input devices report, from the headers of the C library's package.
const HEADER = '/usr/include/linux/input-event-codes.h';
/** Types of events and how the names of their codes begin. */
const TYPES: ReadonlyArray<{ name: string; prefixes: readonly string[] }> = [
  { name: 'EV_SYN', prefixes: ['SYN_DROPPED'] },
  { name: 'EV_KEY', prefixes: ['KEY_', 'BTN_'] },
  { name: 'EV_REL', prefixes: ['REL_'] },
  { name: 'EV_ABS', prefixes: ['ABS_'] },
  { name: 'EV_MSC', prefixes: ['MSC_'] },
];

const numbers = new Map<string, number>();
for (const [, name, number] of readFileSync(HEADER, 'utf8').matchAll(
  /^#define\s+(\w+)\s+(0x[0-9a-f]+|\d+)\b/gim,
)) {
  if (name && number) numbers.set(name, Number(number));
}

const names = new Map<string, string>();
for (const { name: type, prefixes } of TYPES) {
  for (const [name, code] of numbers) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) {
      names.set(`${eventNumber(type)} ${code}`, name);
    }
  }
}

/** The number of a type (EV_KEY) or code (KEY_A). */
export function eventNumber(name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`no ${name} in ${HEADER}`);
  return number;
}

/** The name of a code; undefined for types that no test looks at: the ends of packets, and lamps, which the host's console switches too. */
export function eventName(type: number, code: number): string | undefined {
  return names.get(`${type} ${code}`);
}
