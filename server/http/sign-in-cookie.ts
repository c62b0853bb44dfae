import type { FastifyReply, FastifyRequest } from 'fastify';

/** The prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis section 4.1.3.2). */
export const COOKIE_NAME = '__Host-mykvm';

const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** Gives the browser its token, until it is closed or the sign-in ends. */
export function setSignInCookie(reply: FastifyReply, token: string): void {
  reply.setCookie(COOKIE_NAME, token, ATTRIBUTES);
}

export function clearSignInCookie(reply: FastifyReply): void {
  reply.clearCookie(COOKIE_NAME, ATTRIBUTES);
}

/** The token of a request. A bearer token goes before a cookie, and a wrong one is not made good by a cookie. */
export function requestToken(
  request: FastifyRequest,
): { token: string; kind: 'bearer' | 'cookie' } | undefined {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
    return { token: token ?? '', kind: 'bearer' };
  }
  const cookie = request.cookies[COOKIE_NAME];
  return cookie === undefined ? undefined : { token: cookie, kind: 'cookie' };
}
