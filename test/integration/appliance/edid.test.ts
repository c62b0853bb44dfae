import assert from 'node:assert/strict';
import { request } from 'node:https';
import { afterEach, describe, it } from 'node:test';
import { createTarget } from '../../../server/target/create-target.js';
import { TestAppliance } from '../../e2e/test-appliance.js';

const PASSWORD = 'correct horse battery';
const ABSENT = '/nonexistent';

/** An appliance for a real computer, whose capture device and USB controller are not there. */
describe('the EDID of the appliance', () => {
  let appliance: TestAppliance;
  afterEach(() => appliance.close());

  async function start(...flags: string[]): Promise<void> {
    appliance = await TestAppliance.start(flags, {
      createTarget: (config, logger) =>
        createTarget({
          ...config,
          kind: 'hardware',
          device: `${ABSENT}/video0`,
          usbSocket: null,
          logger,
          udcRoot: ABSENT,
          gadgetRoot: ABSENT,
        }),
    });
  }

  function send(method: string, path: string, headers: Record<string, string>, body?: object) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const all = { ...headers, ...(text !== undefined && { 'Content-Type': 'application/json' }) };
    // biome-ignore lint/suspicious/noExplicitAny: the tests check what is in there
    return new Promise<any>((resolve, reject) => {
      const options = { method, headers: all, agent: false, rejectUnauthorized: false };
      const sent = request(new URL(path, appliance.url), options, (reply) => {
        let json = '';
        reply.on('data', (chunk) => {
          json += chunk;
        });
        reply.on('end', () => resolve(JSON.parse(json)));
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  async function bearer(): Promise<Record<string, string>> {
    const owner = { name: 'ada', password: PASSWORD };
    await send('POST', '/api/claim', {}, { ...owner, code: appliance.claimCode });
    const { token } = await send('POST', '/api/login', {}, { ...owner, bearer: true });
    return { Authorization: `Bearer ${token}` };
  }

  it('is what --edid says, then what the owner chooses; a device that is away gets it later', async () => {
    await start('--edid', '1280x800@60');
    const headers = await bearer();
    const first = await send('GET', '/api/edid', headers);
    assert.deepEqual([first.choice, first.state], ['1280x800@60', 'waiting']);
    const next = await send('PUT', '/api/edid', headers, { preset: '1920x1080@25' });
    assert.deepEqual([next.choice, next.state], ['1920x1080@25', 'waiting']);
    assert.equal((await send('GET', '/api/edid', headers)).choice, '1920x1080@25');
  });

  it('does not exist for the simulated computer', async () => {
    appliance = await TestAppliance.start();
    assert.equal((await send('GET', '/api/edid', await bearer())).error, 'no-edid');
  });
});
