/** What start-up and idling are compared with: fastify over HTTPS with one route and the program's own certificate. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import { certificateDirectory } from '../../../server/http/certificate-directory.js';

const [stateDir = ''] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = certificateDirectory(root, stateDir);
const cert = readFileSync(join(folder, 'mykvm.crt'));
const key = readFileSync(join(folder, 'mykvm.pem'));
const server = fastify({ https: { cert, key } });
server.get('/', () => 'ready');
await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write('ready\n');
