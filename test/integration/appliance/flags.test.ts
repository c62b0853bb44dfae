import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { createPipeline, type PipelineOptions, type Quantizers } from '../../../native/index.js';
import { makeCertificate } from '../../../server/http/make-certificate.js';
import { parseIdentity } from '../../../server/http/tls-identity.js';
import { TestAppliance } from '../../e2e/test-appliance.js';
import { offerText } from '../../unit/webrtc/offer-text.js';
import { freePort } from '../http/free-port.js';
import { until } from '../http/until.js';

const PASSWORD = 'correct horse battery';

interface Sent {
  headers?: Record<string, string>;
  json?: object;
  sdp?: string;
}

/** Each flag reaches the part of the appliance that it is about. */
describe('the flag', () => {
  let appliance: TestAppliance | undefined;
  let directory: string | undefined;
  let base = '';
  const pipelines: PipelineOptions[] = [];
  afterEach(async () => {
    await appliance?.close();
    appliance = undefined;
    if (directory !== undefined) await rm(directory, { recursive: true });
    directory = undefined;
  });

  async function start(...flags: string[]): Promise<void> {
    const port = await freePort();
    base = `https://127.0.0.1:${port}/`;
    appliance = await TestAppliance.start(['--port', `${port}`, ...flags], {
      createPipeline: (options, listener) => {
        const pipeline = createPipeline(options, listener);
        const setQuantizers = (quantizers: Quantizers) => {
          pipelines.push({ ...options, quantizers });
          pipeline.setQuantizers(quantizers);
        };
        return Object.defineProperty(pipeline, 'setQuantizers', { value: setQuantizers });
      },
    });
  }

  function send(method: string, path: string, { headers = {}, json, sdp }: Sent = {}) {
    const url = new URL(path, base);
    const type = sdp === undefined ? 'application/json' : 'application/sdp';
    const body = sdp ?? (json && JSON.stringify(json));
    const all = { ...headers, ...(body !== undefined && { 'Content-Type': type }) };
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method, headers: all, agent: false, rejectUnauthorized: false };
      const sent = request(url, options, (reply) => {
        let text = '';
        reply.on('data', (chunk) => {
          text += chunk;
        });
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function bearer(): Promise<Record<string, string>> {
    const owner = { name: 'ada', password: PASSWORD };
    const code = appliance?.claimCode;
    assert.equal((await send('POST', '/api/claim', { json: { ...owner, code } })).status, 200);
    const login = await send('POST', '/api/login', { json: { ...owner, bearer: true } });
    return { Authorization: `Bearer ${JSON.parse(login.text).token}` };
  }

  async function candidates(): Promise<Array<{ address: string; port: number }>> {
    const reply = await send('POST', '/api/whep', { headers: await bearer(), sdp: offerText() });
    assert.equal(reply.status, 201, reply.text);
    const lines = reply.text.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/gim);
    return [...lines].map(([, address = '', port]) => ({ address, port: Number(port) }));
  }

  it('--max-viewers bounds the sessions', async () => {
    await start('--max-viewers', '1');
    const headers = await bearer();
    assert.equal((await send('POST', '/api/session', { headers })).status, 201);
    const second = await send('POST', '/api/session', { headers });
    assert.equal(second.status, 503);
    assert.equal(JSON.parse(second.text).error, 'too-many-viewers');
  });

  it('--udp-ports bounds the ports of WebRTC', async () => {
    await start('--udp-ports', '47000-47009');
    const offered = await candidates();
    assert.ok(offered.length > 0);
    for (const { port } of offered) assert.ok(port >= 47000 && port <= 47009, `${port}`);
  });

  it('--extra-host is a candidate, a name in the certificate and a Host', async () => {
    await start('--extra-host', '198.51.100.9', '--extra-host', 'kvm.example');
    assert.ok((await candidates()).some(({ address }) => address === '198.51.100.9'));
    for (const Host of ['198.51.100.9', 'kvm.example']) {
      assert.equal((await send('GET', '/api/status', { headers: { Host } })).status, 200);
    }
    const { port } = new URL(base);
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const names = socket.getPeerCertificate().subjectaltname ?? '';
    socket.destroy();
    assert.match(names, /DNS:kvm\.example/);
    assert.match(names, /IP Address:198\.51\.100\.9/);
  });

  it('--public-url is what is printed, a Host and an Origin', async () => {
    await start('--public-url', 'https://kvm.example/desk');
    assert.equal(appliance?.url, 'https://kvm.example/desk/');
    const headers = { Host: 'kvm.example', Origin: 'https://kvm.example' };
    const reply = await send('POST', '/api/login', {
      headers,
      json: { name: 'ada', password: 'x' },
    });
    assert.equal(JSON.parse(reply.text).error, 'not-claimed');
    const elsewhere = { headers: { Host: 'other.example' } };
    assert.equal((await send('GET', '/api/status', elsewhere)).status, 421);
  });

  it('--trusted-proxy believes the X-Forwarded headers of that proxy only', async () => {
    const headers = { 'X-Forwarded-Host': 'other.example' };
    await start('--trusted-proxy', '127.0.0.1');
    assert.equal((await send('GET', '/api/status', { headers })).status, 421);
    await appliance?.close();
    await start('--trusted-proxy', '192.0.2.1');
    assert.equal((await send('GET', '/api/status', { headers })).status, 200);
  });

  it('--cert and --key are served', async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-flags-'));
    const [certPath, keyPath] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const { cert, key } = await makeCertificate(['kvm.example'], new Date());
    await writeFile(certPath, cert);
    await writeFile(keyPath, key);
    await start('--cert', certPath, '--key', keyPath);
    const { text } = await send('GET', '/api/status');
    const { sha256 } = parseIdentity(cert, key, certPath, keyPath);
    assert.equal(JSON.parse(text).certificateSha256, sha256);
  });

  it('--frame-rate, --bitrate, --qp-min and --qp-max reach the target and the pipeline', async () => {
    await start('--frame-rate=24', '--bitrate=750000', '--qp-min=25', '--qp-max=39');
    const target = appliance?.target;
    await until('a signal', () => target?.signal.state === 'ok');
    assert.equal(target?.signal.frameRate, 24);
    const headers = await bearer();
    const { session } = JSON.parse((await send('POST', '/api/session', { headers })).text);
    const path = `api/session/${session}/socket`;
    const viewer = new WebSocket(new URL(path, base), { headers, rejectUnauthorized: false });
    await once(viewer, 'open');
    await until('a pipeline', () => pipelines.length > 0);
    viewer.terminate();
    assert.equal(pipelines[0]?.frameRate, 24);
    assert.equal(pipelines[0]?.bitrateBps, 750_000);
    assert.deepEqual(pipelines[0]?.quantizers, { finest: 25, coarsest: 39 });
  });
});
