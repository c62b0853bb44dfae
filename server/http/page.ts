import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../errors.js';

/** A content hash in the name, as in console-4FQ2ZK7B.js: such a file never changes. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

/** Serves the page from the directory that the bundler wrote. Throws {@link StartError} when it is not there. */
export async function servePage(app: FastifyInstance, pageDir: string): Promise<void> {
  if (!existsSync(join(pageDir, 'index.html'))) {
    throw new StartError(`The page is missing in ${pageDir}: build it with "npm run bundle".`);
  }
  await app.register(fastifyStatic, {
    root: pageDir,
    // Routes are made for the files that are there, so no request can name another path.
    wildcard: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header(
        'Cache-Control',
        HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}
