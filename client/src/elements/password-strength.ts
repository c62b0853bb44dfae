import { LIMITS } from '../../../server/protocol/limits.js';

/** The shortest password that the appliance accepts. */
export const SHORTEST_PASSWORD = LIMITS.minPasswordLength;

/** How a new password does, in words. `ok` when the appliance will take it. */
export interface PasswordStrength {
  ok: boolean;
  text: string;
}

/** Length first; then variety, because `aaaaaaaaaaaa` is long and still the first guess. */
export function passwordStrength(password: string): PasswordStrength {
  const length = [...password.normalize('NFKC')].length;
  if (length === 0) return { ok: false, text: `${SHORTEST_PASSWORD} or more characters` };
  if (length < SHORTEST_PASSWORD) {
    return { ok: false, text: `${length} of ${SHORTEST_PASSWORD} characters, too short` };
  }
  const different = new Set(password.toLowerCase()).size;
  if (different < 6) return { ok: true, text: `${length} characters, but few different: weak` };
  if (length >= 16 && different >= 8) return { ok: true, text: `${length} characters, strong` };
  return { ok: true, text: `${length} characters, good` };
}
