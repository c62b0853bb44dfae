import type { FastifyInstance, HTTPMethods } from 'fastify';
import { KvmError } from '../errors.js';

const METHODS: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
];

/** Answers every other method at the address with 405 and Allow (RFC 9110 section 15.5.6). */
export function onlyMethods(
  app: FastifyInstance,
  url: string,
  allowed: readonly HTTPMethods[],
): void {
  const method = METHODS.filter((name) => !allowed.includes(name));
  app.route({
    method: [...method],
    url,
    exposeHeadRoute: false,
    // Before the body is looked at: its type or size does not matter here.
    onRequest: async (_request, reply) => {
      reply.header('Allow', allowed.join(', '));
      throw new KvmError('method-not-allowed');
    },
    handler: () => undefined,
  });
}
