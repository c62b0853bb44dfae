import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ADDRESSES, type Internet } from './internet.js';

const { host } = ADDRESSES;
/** TLS is where the strictest firewalls let it through. */
const PORTS = { plain: 3478, tls: 443 };

/** Debian's coturn on the internet's host, for viewers and appliances with the shared secret. */
export class Coturn {
  static readonly secret = 'known to the test bed only';
  static readonly urls = {
    udp: `turn:${host}:${PORTS.plain}?transport=udp`,
    tcp: `turn:${host}:${PORTS.plain}?transport=tcp`,
    tls: `turns:${host}:${PORTS.tls}?transport=tcp`,
  } as const;

  /** What it wrote. */
  readonly log: string[] = [];
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Resolves when it listens. Ends with this process at the latest. */
  static async start({ host: network }: Internet): Promise<Coturn> {
    // All that it could read, write or listen on beside this is switched off.
    const [program, args] = network.enter('turnserver', [
      ...['-n', '--log-file=stdout', '--pidfile=', '--no-cli', '--verbose'],
      `--userdb=${inFolder('turndb')}`,
      ...[`--listening-ip=${host}`, `--relay-ip=${host}`],
      ...[`--listening-port=${PORTS.plain}`, `--tls-listening-port=${PORTS.tls}`],
      ...[`--cert=${inFolder('cert.pem')}`, `--pkey=${inFolder('key.pem')}`],
      ...['--realm=mykvm.test', '--use-auth-secret', `--static-auth-secret=${Coturn.secret}`],
    ]);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const coturn = new Coturn(child);
    child.stderr.on('data', (text) => coturn.log.push(String(text)));
    const listening = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        coturn.log.push(line);
        if (/TLS listener opened|TLS\/TCP listener opened/.test(line)) resolve();
      });
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`coturn ended: ${coturn.log.slice(-5).join('\n')}`);
    });
    await Promise.race([listening, ended]);
    ended.catch(() => {});
    return coturn;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** The folder of run-net-tests, with a certificate for the host that Node has been told to trust. */
function inFolder(name: string): string {
  const folder = process.env['NET_FOLDER'];
  if (!folder) throw new Error('start these tests with test/net/run-net-tests');
  return join(folder, name);
}
