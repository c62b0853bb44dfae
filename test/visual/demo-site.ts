import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { DEMO_REPLIES } from './demo-api.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What the appliance sends, so that the demo breaks where the product would. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The page without an appliance, served on localhost: `#name` chooses one of DEMO_STATES. */
export interface DemoSite {
  readonly url: string;
  close(): Promise<void>;
}

/** The product's page with the demo's script in the place of its own. */
async function buildInto(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shared = { bundle: true, logLevel: 'warning' } as const;
  await build({
    ...shared,
    entryPoints: [join(ROOT, 'test/visual/demo-main.ts')],
    outfile: join(folder, 'main.js'),
    format: 'esm',
    tsconfig: join(ROOT, 'client/tsconfig.json'),
  });
  await build({
    ...shared,
    entryPoints: [join(ROOT, 'client/src/styles/main.css')],
    outfile: join(folder, 'main.css'),
    external: ['*.woff2'],
  });
  await cp(join(ROOT, 'client/static'), folder, { recursive: true });
  await cp(join(ROOT, 'client/index.html'), join(folder, 'index.html'));
}

/** Builds and serves the demo. Its folder goes away with it. */
export async function startDemoSite(): Promise<DemoSite> {
  const folder = await mkdtemp(join(tmpdir(), 'mykvm-demo-'));
  await buildInto(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const reply = DEMO_REPLIES[pathname];
    if (reply) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply));
      return;
    }
    const name = pathname === '/' ? 'index.html' : pathname;
    readFile(join(folder, name)).then(
      (body) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
          'content-security-policy': POLICY,
        });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true });
    },
  };
}
