import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { StartError } from '../../../server/errors.js';
import type { HttpLimits } from '../../../server/http/http-limits.js';
import { listenFailure } from '../../../server/http/listen-failure.js';
import { TestUnit } from './test-unit.js';
import { until } from './until.js';

describe('transport', () => {
  let unit: TestUnit;
  const restart = async (limits: Partial<HttpLimits>) => {
    await unit.close();
    unit = await TestUnit.open({ limits });
  };
  beforeEach(async () => {
    unit = await TestUnit.open();
  });
  afterEach(() => unit.close());

  function tls(options: ConnectionOptions = {}): TLSSocket {
    return connectTls({
      host: '127.0.0.1',
      servername: 'localhost',
      port: unit.server.port,
      ca: unit.certificate.identity.cert,
      ...options,
    });
  }

  /** Sends text over TLS and gives back all that comes until the other side ends. */
  async function exchange(text: string): Promise<string> {
    const socket = tls();
    socket.on('error', () => {});
    socket.write(text);
    let reply = '';
    socket.on('data', (chunk) => {
      reply += chunk;
    });
    await closed(socket);
    return reply;
  }

  const stillServes = async () =>
    assert.equal((await unit.request('GET', '/api/status')).status, 200);

  it('prefers ChaCha20, also when the client would rather have AES', async () => {
    for (const [maxVersion, ciphers, expected] of [
      [
        'TLSv1.3',
        'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256',
        'TLS_CHACHA20_POLY1305_SHA256',
      ],
      [
        'TLSv1.2',
        'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305',
        'ECDHE-ECDSA-CHACHA20-POLY1305',
      ],
    ] as const) {
      const socket = tls({ maxVersion, ciphers });
      await once(socket, 'secureConnect');
      assert.equal(socket.getCipher().standardName.replace(/_SHA256$/, ''), standardName(expected));
      socket.destroy();
    }
  });

  it('speaks no TLS before 1.2', async () => {
    const socket = tls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
    const [error] = await once(socket, 'error');
    assert.match(error.code, /ERR_SSL|ECONNRESET/);
    await stillServes();
  });

  it('tells nothing to plain HTTP and goes on', async () => {
    const socket = connectTcp(unit.server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let reply = '';
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
    });
    await closed(socket);
    assert.ok(!reply.includes('HTTP/'), reply);
    await stillServes();
  });

  it('answers noise in TLS with an error and ends the connection', async () => {
    const reply = await exchange('\x00\x01 hello\r\n\r\n');
    assert.match(reply, /^HTTP\/1.1 400 /);
    assert.match(reply, /"error":"bad-request"/);
    await stillServes();
  });

  it('refuses a request without Host, and one with an empty Host', async () => {
    assert.match(await exchange('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 400 /);
    const empty = await exchange('GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n');
    assert.match(empty, /^HTTP\/1.1 421 /);
    assert.match(await exchange('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 421 /);
  });

  it('refuses headers above the limit', async () => {
    const line = `X-Long: ${'x'.repeat(9000)}\r\n`;
    const reply = await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\n${line}\r\n`);
    assert.match(reply, /^HTTP\/1.1 413 /);
    assert.match(reply, /"error":"too-large"/);
  });

  it('refuses a body with two lengths, which proxies could read differently', async () => {
    const head = 'POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n';
    const reply = await exchange(`${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
    assert.match(reply, /^HTTP\/1.1 400 /);
  });

  it('does not wait for clients that send their head slowly', async () => {
    await restart({ headersTimeoutMs: 500, requestTimeoutMs: 600, checkIntervalMs: 20 });
    const reply = await exchange('GET / HTTP/1.1\r\nHost: local');
    assert.match(reply, /^HTTP\/1.1 408 /);
    assert.match(reply, /"error":"request-timeout"/);
  });

  it('does not wait for clients that send their body slowly', async () => {
    await restart({ headersTimeoutMs: 500, requestTimeoutMs: 600, checkIntervalMs: 20 });
    const head = `POST /api/login HTTP/1.1\r\nHost: localhost:${unit.server.port}\r\n`;
    const reply = await exchange(
      `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"`,
    );
    assert.match(reply, /^HTTP\/1.1 408 /);
    await stillServes();
  });

  it('does not wait for clients that do not even read why they are refused', async () => {
    await restart({ headersTimeoutMs: 500, requestTimeoutMs: 600, checkIntervalMs: 20 });
    const socket = tls();
    socket.on('error', () => {});
    // Without a listener for it nothing is read, so the client never ends its side.
    socket.write('GET / HTTP/1.1\r\nHost: local');
    await once(socket, 'secureConnect');
    const { server } = unit.server.app;
    const open = () =>
      new Promise<number>((resolve) => server.getConnections((_, n) => resolve(n)));
    assert.equal(await open(), 1);
    await until('the server has let go', async () => (await open()) === 0);
    socket.destroy();
  });

  it('does not wait for clients that begin TLS and stop', async () => {
    await restart({ handshakeTimeoutMs: 500 });
    const socket = connectTcp(unit.server.port, '127.0.0.1');
    socket.on('error', () => {});
    await closed(socket);
    await stillServes();
  });

  it('closes idle connections', async () => {
    await restart({ keepAliveTimeoutMs: 50 });
    const reply = await exchange('GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(reply, /^HTTP\/1.1 200 /);
  });

  it('gives one address a bounded number of connections and frees them again', async () => {
    await restart({ maxConnectionsPerAddress: 2 });
    const first = [tls(), tls()];
    await Promise.all(first.map((socket) => once(socket, 'secureConnect')));
    const third = tls();
    third.on('error', () => {});
    await closed(third);
    for (const socket of first) socket.destroy();
    await Promise.all(first.map(closed));
    // The server hears of it a moment later.
    const reply = await until('there is room', () =>
      unit.request('GET', '/api/status').catch(() => undefined),
    );
    assert.equal(reply.status, 200);
  });

  it('says in one sentence that a port is taken', async () => {
    await assert.rejects(TestUnit.open({ port: unit.server.port }), (error: Error) => {
      assert.ok(error instanceof StartError);
      assert.equal(
        error.message,
        `Another program already listens on port ${unit.server.port} of 127.0.0.1; choose another one with --port.`,
      );
      return true;
    });
    await stillServes();
  });

  it('says in one sentence that an address is not there', async () => {
    for (const listenAddress of ['192.0.2.77', '2001:db8::77']) {
      await assert.rejects(TestUnit.open({ listenAddress }), (error: Error) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, /does not have the address .*::?77|address 192.0.2.77 /);
        return true;
      });
    }
  });

  it('says in one sentence that there is no permission', () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    const failure = listenFailure(error, '0.0.0.0', 443);
    assert.ok(failure instanceof StartError);
    assert.match(
      failure.message,
      /^There is no permission to listen on port 443 of 0.0.0.0; .*--port\.$/,
    );
    assert.equal(listenFailure(new TypeError('x'), '::', 1).name, 'TypeError');
  });

  it('prints a URL that leads to it, for IPv6 too', async () => {
    assert.equal(unit.server.url, `https://127.0.0.1:${unit.server.port}/`);
    const six = await TestUnit.open({ listenAddress: '::1' });
    try {
      assert.equal(six.server.url, `https://[::1]:${six.server.port}/`);
    } finally {
      await six.close();
    }
    const all = await TestUnit.open({ listenAddress: '0.0.0.0' });
    try {
      const { hostname } = new URL(all.server.url);
      assert.notEqual(hostname, '0.0.0.0');
      const headers = { Host: new URL(all.server.url).host };
      assert.equal((await all.request('GET', '/api/status', { headers })).status, 200);
    } finally {
      await all.close();
    }
  });

  it('serves a renewed certificate to new connections', async () => {
    const served = async (): Promise<string | undefined> => {
      const socket = tls();
      await once(socket, 'secureConnect');
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      return certificate?.fingerprint256.replaceAll(':', '').toLowerCase();
    };
    const before = unit.certificate.identity.sha256;
    assert.equal(await served(), before);
    await rm(join(unit.directory, 'mykvm.pem'));
    await unit.server.refreshCertificate();
    const after = unit.certificate.identity.sha256;
    assert.notEqual(after, before);
    assert.equal(await served(), after);
    const status = await unit.request('GET', '/api/status');
    assert.equal(status.json.certificateSha256, after);
  });
});

/** Unlike events.once() this does not mind an error on the way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** OpenSSL's name of a cipher as TLS writes it, without the hash. */
function standardName(name: string): string {
  return name === 'ECDHE-ECDSA-CHACHA20-POLY1305'
    ? 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305'
    : name.replace(/_SHA256$/, '');
}
