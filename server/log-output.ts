import type { Writable } from 'node:stream';
import { type Logger as PinoLogger, pino } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
  20: 'DEBUG',
  30: 'INFO ',
  40: 'WARN ',
  50: 'ERROR',
};

/** Names of fields that may hold what a user typed or what lets one sign in. Nothing should pass them; if it does, it stops here. */
const SECRETS = ['password', 'token', 'cookie', 'authorization', 'credential', 'text'];
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** The program's logger: one line of JSON each for machines, one readable line each for a person at a terminal. */
export function createLogger(level: string, output: Writable, forPerson: boolean): PinoLogger {
  const destination = forPerson
    ? { write: (line: string) => void output.write(readableLine(line)) }
    : { write: (line: string) => void output.write(line) };
  return pino({ level, redact: { paths: REDACTED, censor: '[redacted]' } }, destination);
}

/** One JSON line as people read it: time, level, message, then the context. */
export function readableLine(json: string): string {
  const { level, time, msg, err, pid, hostname, ...context } = JSON.parse(json) as {
    level: number;
    time: number;
    msg?: string;
    err?: { stack?: string; message?: string };
    pid: number;
    hostname: string;
  };
  const clock = new Date(time).toTimeString().slice(0, 8);
  const fields = Object.entries(context)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  const trace = err ? `\n${err.stack ?? err.message ?? ''}` : '';
  return `${clock} ${LEVELS[level] ?? level} ${msg ?? ''}${fields}${trace}\n`;
}
