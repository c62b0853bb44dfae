import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ThrottledError } from '../auth/throttle.js';
import { KvmError } from '../errors.js';
import type { Logger } from '../logger.js';
import { ERRORS, type ErrorBody, type ErrorCode } from '../protocol/error-codes.js';

/** How long a client waits before it tries a busy appliance again. */
const BUSY_RETRY_SECONDS = 2;

/** Answers every error, fastify's own included, from the one table. What went wrong inside stays in the log. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    sendError(error, request, reply, logger);
  });
  app.setNotFoundHandler(() => {
    throw new KvmError('not-found');
  });
}

/** The reply for one thrown value. */
export function sendError(
  error: Error & { statusCode?: number; code?: string; validation?: unknown },
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): void {
  const code = codeOf(error);
  const { status } = ERRORS[code];
  if (code === 'internal') {
    const route = request.routeOptions?.url ?? 'unknown';
    logger.error({ err: error, method: request.method, route }, 'a request failed');
  }
  if (error instanceof ThrottledError) {
    reply.header('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  } else if (code === 'busy') {
    reply.header('Retry-After', String(BUSY_RETRY_SECONDS));
  }
  if (code === 'login-required') reply.header('WWW-Authenticate', 'Bearer');
  // A body that we did not read would be taken for the next request.
  if (code === 'too-large') reply.header('Connection', 'close');
  const message = error instanceof KvmError && status < 500 ? error.message : ERRORS[code].message;
  const body: ErrorBody = { error: code, message };
  void reply.code(status).type('application/json').send(body);
}

function codeOf(error: Error & { statusCode?: number; validation?: unknown }): ErrorCode {
  if (error instanceof KvmError) return error.code;
  if (error.validation) return 'bad-request';
  switch (error.statusCode) {
    case 404:
      return 'not-found';
    case 405:
      return 'method-not-allowed';
    case 413:
      return 'too-large';
    case 415:
      return 'unsupported-media-type';
    default:
      return error.statusCode !== undefined && error.statusCode < 500 && error.statusCode >= 400
        ? 'bad-request'
        : 'internal';
  }
}
