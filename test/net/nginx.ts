import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../e2e/until.js';
import { ADDRESSES, FORWARDED, type Internet } from './internet.js';

const PORT = 8443;
const DOCUMENT = new URL('../../../docs/remote-access.md', import.meta.url);

/** Debian's nginx on the internet's host, with the configuration that docs/remote-access.md tells. */
export class Nginx {
  /** The page as users type it: below a path of a host that is not the appliance. */
  static readonly url = `https://${ADDRESSES.host}:${PORT}/kvm/`;

  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Resolves when it listens. Ends with this process at the latest. */
  static async start({ host: network }: Internet): Promise<Nginx> {
    const folder = process.env['NET_FOLDER'];
    if (!folder) throw new Error('start these tests with test/net/run-net-tests');
    const own = join(folder, 'nginx');
    await mkdir(own);
    const path = join(own, 'nginx.conf');
    await writeFile(path, configuration(await recipe(), own, folder));
    const [program, args] = network.enter('/usr/sbin/nginx', ['-p', own, '-c', path]);
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    await until(
      'nginx to listen',
      async () => (await network.run(`ss -Hlnt 'sport = :${PORT}'`)) !== '',
    );
    return new Nginx(child);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** The part of the document that goes into a server block. */
async function recipe(): Promise<string> {
  const text = await readFile(DOCUMENT, 'utf8');
  const found = /```nginx\n([\s\S]*?)```/.exec(text)?.[1];
  if (!found) throw new Error('docs/remote-access.md has no nginx recipe');
  return found;
}

/** The end of the tunnel is replaced: here the home's router passes the appliance's port on. */
function configuration(server: string, own: string, folder: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off; master_process off; pid ${own}/pid; error_log stderr;
    events {}
    http {
      access_log off;
      ${places.map((name) => `${name}_temp_path ${own}/${name};`).join(' ')}
      ${server
        .replaceAll('listen 443 ssl', `listen ${PORT} ssl`)
        .replaceAll('127.0.0.1:18443', `${ADDRESSES.home}:${FORWARDED.tcp}`)
        .replaceAll('kvm.example.net', ADDRESSES.host)
        .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
        .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)}
    }`;
}
