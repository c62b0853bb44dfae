import { createHmac } from 'node:crypto';

/** Logins live this long: an allocation cannot be renewed with one that has run out. */
export const TURN_LOGIN_LIFETIME_S = 24 * 60 * 60;

/**
 * A short-lived login for a TURN server that shares a secret with us (draft-uberti-behave-turn-rest, coturn's
 * use-auth-secret). `nowMs` is the time since 1970 and `name` is seen in the server's log.
 */
export function makeTurnLogin(
  secret: string,
  name: string,
  nowMs: number,
): { username: string; password: string } {
  // A colon would end the time, and other signs confuse logs.
  const user = name.replaceAll(/[^\w.-]/gu, '_');
  const username = `${Math.floor(nowMs / 1000) + TURN_LOGIN_LIFETIME_S}:${user}`;
  const password = createHmac('sha1', secret).update(username).digest('base64');
  return { username, password };
}
