import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import { EDID_PRESETS } from '../../../server/protocol/edid-presets.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';
import { EdidControl, type EdidRecord } from '../../../server/video/edid/edid-control.js';
import { FakeTimers } from '../../fakes/fake-timers.js';
import { type Reply, TestUnit } from './test-unit.js';

const BINARY = 'application/octet-stream';
const OWN = buildEdid('1280x800@60', 'MY MONITOR');

const HEX = Buffer.from(OWN).toString('hex');

describe('the EDID over HTTP', () => {
  let unit: TestUnit;
  let bearer: Record<string, string>;
  let shown: Uint8Array | null = null;
  let kept: EdidRecord | null = null;
  let control: EdidControl;

  before(async () => {
    control = await EdidControl.open({
      path: '/dev/video0',
      option: null,
      serial: 'UNIT',
      memory: {
        load: async () => null,
        save: async (record) => {
          kept = record;
        },
      },
      whileStopped: (work) => work(),
      timers: new FakeTimers(),
      logger: silentLogger,
      nodeIdentity: () => 'a node',
      device: {
        readEdid: () => shown,
        writeEdid: (_path, edid) => {
          shown = edid;
        },
      },
    });
    unit = await TestUnit.open({ edid: control });
    await unit.claim();
    bearer = await unit.bearer();
  });

  after(async () => {
    control.close();
    await unit.close();
  });

  const put = (body: string | Buffer, type: string, headers = bearer): Promise<Reply> =>
    unit.request('PUT', '/api/edid', { body, headers: { ...headers, 'Content-Type': type } });

  it('tells what the target sees', async () => {
    const { status, json } = await unit.request('GET', '/api/edid', { headers: bearer });
    assert.equal(status, 200);
    assert.equal(json.choice, '1280x720@60');
    assert.deepEqual(json.presets, EDID_PRESETS);
    assert.deepEqual(Buffer.from(json.edid, 'base64'), Buffer.from(shown ?? []));
  });

  it('takes a preset by name', async () => {
    const { status, json } = await put('{"preset": "1920x1080@25"}', 'application/json');
    assert.equal(status, 200);
    assert.equal(json.choice, '1920x1080@25');
    assert.deepEqual(shown, buildEdid('1920x1080@25', 'UNIT'));
    assert.deepEqual(kept, { choice: { preset: '1920x1080@25' }, option: null });
  });

  it('takes an EDID in bytes', async () => {
    const { status, json } = await put(Buffer.from(OWN), BINARY);
    assert.equal(status, 200);
    assert.equal(json.choice, 'custom');
    assert.deepEqual(new Uint8Array(shown ?? []), OWN);
  });

  for (const [what, body, type, status, code, message] of [
    ['a broken one', Buffer.from(OWN.with(18, 2)), BINARY, 422, 'bad-edid', /byte 18: version 2/],
    ['half a one', Buffer.from(OWN.subarray(0, 64)), BINARY, 422, 'bad-edid', /has 64/],
    ['one as text', HEX, BINARY, 422, 'bad-edid', /text, but must be binary/],
    ['none', '', BINARY, 422, 'bad-edid', /128 or 256 bytes, this one has 0/],
    ['a huge one', 'x'.repeat(LIMITS.maxEdidBytes + 1), BINARY, 413, 'too-large', /./],
    ['an unknown preset', '{"preset": "4k"}', 'application/json', 422, 'bad-edid', /1280x800@60/],
    ['no preset', '{}', 'application/json', 400, 'bad-request', /understood/],
    ['plain text', HEX, 'text/plain', 415, 'unsupported-media-type', /./],
  ] as const) {
    it(`refuses ${what}, and the target sees what it saw`, async () => {
      const before = shown;
      const reply = await put(body, type);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.error, code);
      assert.match(reply.json.message, message);
      assert.equal(shown, before);
    });
  }

  it('is changed by who has control only; everybody signed in may look', async () => {
    const before = shown;
    unit.sessions.driver = 'another sign-in';
    for (const [body, type] of [
      ['{"preset": "1280x720@60"}', 'application/json'],
      [Buffer.from(OWN), BINARY],
      ['{"preset": "4k"}', 'application/json'],
    ] as const) {
      const { status, json } = await put(body, type);
      assert.deepEqual([status, json.error], [403, 'not-in-control']);
    }
    assert.equal(shown, before);
    assert.equal((await unit.request('GET', '/api/edid', { headers: bearer })).status, 200);
    unit.sessions.driver = null;
    assert.equal((await put('{"preset": "1280x720@60"}', 'application/json')).status, 200);
  });

  it('is for those who are signed in, and for reading and writing only', async () => {
    assert.equal((await unit.request('GET', '/api/edid')).status, 401);
    assert.equal((await put(Buffer.from(OWN), BINARY, {})).status, 401);
    const reply = await unit.request('POST', '/api/edid', { headers: bearer });
    assert.equal(reply.status, 405);
    assert.equal(reply.headers['allow'], 'GET, HEAD, PUT');
  });

  it('of the simulated computer cannot be changed', async () => {
    const simulated = await TestUnit.open();
    await simulated.claim();
    const headers = await simulated.bearer();
    const reply = await simulated.request('GET', '/api/edid', { headers });
    await simulated.close();
    assert.equal(reply.status, 409);
    assert.equal(reply.json.error, 'no-edid');
  });
});
