import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { StartError } from '../../errors.js';
import { listenFailure } from '../../http/listen-failure.js';
import { silentLogger } from '../../logger.js';
import { API } from '../../protocol/api-paths.js';
import { type Check, type Finding, fail, note, pass } from '../check.js';
import type { Machine } from '../machine.js';

const ANSWER_DEADLINE_MS = 3000;

/** What the process needs to serve its page. */
export const SERVICE_CHECKS: readonly Check[] = [
  {
    name: 'state directory',
    run: (machine) => {
      const path = machine.config.stateDir;
      if (machine.exists(path)) {
        if (machine.mayUse(path)) return pass(`${path}.`);
        return fail(
          `${machine.user} may not write ${path}.`,
          'Choose another one with --state-dir.',
        );
      }
      const parent = firstExisting(machine, dirname(path));
      if (machine.mayUse(parent)) return pass(`${path} will be made.`);
      return fail(`${machine.user} may not make ${path}.`, 'Choose another one with --state-dir.');
    },
  },
  {
    name: 'certificate',
    run: async (machine) => {
      const { certPath, keyPath } = machine.config;
      if (certPath === null || keyPath === null) return ownCertificate(machine);
      // Here, so that nobody waits for what only a certificate of the user's needs.
      const { Certificate } = await import('../../http/certificate.js');
      try {
        const { identity } = await Certificate.open({
          certPath: machine.at(certPath),
          keyPath: machine.at(keyPath),
          certDir: machine.certDir,
          extraHosts: [],
          logger: silentLogger,
        });
        return pass(`${certPath}, until ${day(identity.notAfter)}.`);
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        return fail(error.message, 'See --cert and --key; without them MyKVM makes its own.');
      }
    },
  },
  {
    name: 'port',
    run: async ({ config: { listenAddress, port } }) => {
      const error = await tryToListen(listenAddress, port);
      if (error === null) return pass(`${port} of ${listenAddress} is free.`);
      if (error.code === 'EADDRINUSE' && (await isMyKvm(listenAddress, port))) {
        return pass(`MyKVM serves ${port} of ${listenAddress} already.`);
      }
      return fail(listenFailure(error, listenAddress, port).message, 'See --port and --listen.');
    },
  },
];

function firstExisting(machine: Machine, path: string): string {
  return machine.exists(path) || dirname(path) === path
    ? path
    : firstExisting(machine, dirname(path));
}

/** Only looked at: making one is left to the start. */
function ownCertificate(machine: Machine): Finding {
  const pem = machine.read(`${machine.certDir}/mykvm.pem`);
  if (pem === null) return pass('MyKVM makes its own at the first start.');
  const cert = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (cert === undefined) return note('The own one is damaged: MyKVM makes another.');
  return pass(`An own one, until ${day(new Date(new X509Certificate(cert).validTo))}.`);
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** Null when the address could be had; it is given back at once. */
function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Whether it is MyKVM that answers there. The certificate is not judged: nothing secret is said. */
function isMyKvm(address: string, port: number): Promise<boolean> {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return new Promise((resolve) => {
    const sent = request(
      {
        host,
        port,
        path: `/${API.status}`,
        rejectUnauthorized: false,
        agent: false,
        timeout: ANSWER_DEADLINE_MS,
      },
      (reply) => {
        let text = '';
        reply.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        // Its own words, whether it takes this Host or not.
        reply.on('end', () => resolve(/"certificateSha256"|"wrong-host"/.test(text)));
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.on('close', () => resolve(false));
    sent.end();
  });
}
