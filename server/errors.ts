import { ERRORS, type ErrorCode } from './protocol/error-codes.js';

/** An error with a code of the one table. `detail` names the thing, the value and what would be right. */
export class KvmError extends Error {
  override readonly name = 'KvmError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? ERRORS[code].message, options);
    this.code = code;
  }
}

/** The code of any thrown value: its own when it is a {@link KvmError}, else `internal`. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof KvmError ? error.code : 'internal';
}

/**
 * The appliance cannot start as it is set up (port taken, directory not writable, certificate expired). The message
 * is one sentence for the person at the console: it names the thing and what would help.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
