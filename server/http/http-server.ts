import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { type AppParts, buildApp } from './app.js';
import type { Certificate } from './certificate.js';
import { listenFailure } from './listen-failure.js';
import { tlsOptions } from './tls-identity.js';

const CERTIFICATE_CHECK_MS = 24 * 60 * 60_000;

/** The parts of the application and where it listens. */
export interface HttpServerOptions extends Omit<AppParts, 'identity'> {
  readonly certificate: Certificate;
  readonly listenAddress: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The listening server. */
export interface HttpServer {
  /** Where users open the page. */
  readonly url: string;
  readonly port: number;
  /** The application, for tests. */
  readonly app: FastifyInstance;
  /** Looks at the certificate again, as happens each day; a new one is served to new connections. Never rejects. */
  refreshCertificate(): Promise<void>;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** Builds the application and listens. Throws {@link StartError} when the address cannot be had. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { certificate, listenAddress, logger } = options;
  const app = await buildApp({ ...options, identity: () => certificate.identity });
  try {
    await app.listen({ host: listenAddress, port: options.port, listenTextResolver: () => '' });
  } catch (error) {
    await app.close();
    throw listenFailure(error, listenAddress, options.port);
  }
  const { port } = app.server.address() as AddressInfo;
  const url = options.publicUrl ?? pageUrl(listenAddress, port);
  // At every start: users compare it with what their browser warns about.
  logger.info({ url, certificateSha256: certificate.identity.sha256 }, 'the page is served');
  // A fresh unit shows its code at once, before anybody has opened the page.
  options.auth.offerClaim();
  const refreshCertificate = async (): Promise<void> => {
    try {
      const changed = await certificate.refresh();
      if (changed) (app.server as Server).setSecureContext(tlsOptions(certificate.identity));
    } catch (error) {
      logger.error({ err: error }, 'the certificate could not be renewed');
    }
  };
  const checker = setInterval(() => void refreshCertificate(), CERTIFICATE_CHECK_MS);
  checker.unref();
  return {
    url,
    port,
    app,
    refreshCertificate,
    close: async () => {
      clearInterval(checker);
      await app.close();
    },
  };
}

/** The address that a user on the network types: with a wildcard the first address of an interface. */
function pageUrl(listenAddress: string, port: number): string {
  let host = listenAddress;
  if (listenAddress === '0.0.0.0' || listenAddress === '::') {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    host = outside?.address ?? 'localhost';
  }
  const authority = isIPv6(host) ? `[${host}]` : host;
  return new URL(`https://${authority}:${port}/`).href;
}
