import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ConfigfsGadget } from '../../../server/hid/configfs-gadget.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import {
  createHardwareTarget,
  type HardwareTarget,
} from '../../../server/target/hardware-target.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { FakeHidDevices } from '../../fakes/fake-hid-devices.js';
import { VirtualClock } from '../../unit/session-input/model/virtual-clock.js';
import { type Reply, TestUnit } from './test-unit.js';

const UDC = 'fake.0';
const STATE = `/udc/${UDC}/state`;
const identity = {
  vendorId: 1,
  productId: 2,
  manufacturer: 'M',
  product: 'P',
  serial: 'S',
  maxPowerMilliamperes: 100,
};

describe('USB over HTTP', () => {
  const clock = new VirtualClock();
  let files: FakeConfigfs;
  let devices: FakeHidDevices;
  let target: HardwareTarget;
  let unit: TestUnit;
  let bearer: Record<string, string>;

  before(async () => {
    files = new FakeConfigfs([UDC]);
    devices = new FakeHidDevices(UDC, 64);
    const logger = silentLogger;
    const roots = { gadgetRoot: FAKE_GADGET_ROOT, udcRoot: FAKE_UDC_ROOT };
    target = await createHardwareTarget({
      device: '/nonexistent/video0',
      udc: null,
      identity,
      logger,
      control: new ConfigfsGadget({ identity, udc: null, logger, files, ...roots }),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      port: { files: devices, createWatcher: devices.createWatcher, udcRoot: '/udc' },
    });
    unit = await TestUnit.open({ usb: target.usb });
    await unit.claim();
    bearer = await unit.bearer();
  });
  beforeEach(() => {
    unit.sessions.driver = null;
    setState('configured');
    files.journal.length = 0;
  });
  after(async () => {
    await unit.close();
    await target.close();
  });

  function setState(state: string): void {
    devices.attributes.set(STATE, state);
    devices.fire(STATE, { priority: true });
  }

  const get = (headers = bearer) => unit.request('GET', '/api/usb', { headers });
  const post = (act: string, json: unknown = {}, headers = bearer): Promise<Reply> =>
    unit.request('POST', `/api/usb/${act}`, { json, headers });

  it('tells how it is', async () => {
    const { status, json } = await get();
    assert.equal(status, 200);
    const all = [...HID_FUNCTIONS];
    assert.deepEqual(json, { state: 'configured', functions: all, wanted: all, problem: null });
  });

  it('is unplugged and plugged in again', async () => {
    const { status, json } = await post('replug');
    assert.equal(status, 200, json.message);
    assert.equal(json.state, 'configured');
    assert.deepEqual(
      files.journal.filter((act) => act.includes('UDC')).map((act) => act.trim()),
      ['write mykvm/UDC', `write mykvm/UDC ${UDC}`],
    );
  });

  it('gets other functions, in their order', async () => {
    const functions = ['keyboard', 'relative-mouse'];
    assert.deepEqual((await post('functions', { functions })).json.functions, functions);
    assert.equal(files.tree('mykvm')['configs/c.1/hid.usb2'], undefined);
    assert.deepEqual((await get()).json.wanted, functions);
    assert.equal((await post('functions', { functions: HID_FUNCTIONS })).status, 200);
  });

  it('says what keeps the device away, and comes back', async () => {
    files.refuse = 'EACCES';
    const { status, json } = await post('replug');
    assert.equal(status, 200);
    assert.equal(json.state, 'unbound');
    assert.deepEqual(json.functions, []);
    assert.match(json.problem, /No permission .*mykvm-usb/);
    files.refuse = null;
    assert.equal((await post('replug')).json.problem, null);
  });

  it('wakes a computer, and answers when it is awake', async () => {
    setState('suspended');
    const reply = post('wake');
    while (!files.journal.includes(`write ${FAKE_UDC_ROOT}/${UDC}/srp 1`)) {
      await new Promise((next) => setImmediate(next));
    }
    setState('configured');
    assert.deepEqual([(await reply).status, (await reply).json.state], [200, 'configured']);
    // One that is awake is left alone.
    files.journal.length = 0;
    assert.equal((await post('wake')).status, 200);
    assert.deepEqual(files.journal, []);
  });

  it('says in one sentence that a computer sleeps on, or that there is none', async () => {
    setState('suspended');
    const asleep = post('wake');
    while (files.journal.length === 0) await new Promise((next) => setImmediate(next));
    clock.advance(2000);
    const { status, json } = await asleep;
    assert.deepEqual([status, json.error], [409, 'wake-failed']);
    assert.match(json.message, /sleeps on: it has not allowed .*, or the driver/);
    setState('not attached');
    assert.match((await post('wake')).json.message, /No computer is connected/);
  });

  it('is acted on by who has control only; everybody signed in may look', async () => {
    unit.sessions.driver = 'another sign-in';
    for (const act of ['replug', 'wake']) {
      const { status, json } = await post(act);
      assert.deepEqual([status, json.error], [403, 'not-in-control'], act);
    }
    assert.equal((await post('functions', { functions: ['keyboard'] })).status, 403);
    assert.deepEqual(files.journal, []);
    assert.equal((await get()).status, 200);
  });

  it('is for those who are signed in', async () => {
    assert.equal((await get({})).status, 401);
    for (const act of ['replug', 'wake', 'functions']) {
      assert.equal((await post(act, {}, {})).status, 401, act);
      const reply = await unit.request('GET', `/api/usb/${act}`, { headers: bearer });
      assert.deepEqual([reply.status, reply.headers['allow']], [405, 'POST'], act);
    }
    assert.deepEqual(files.journal, []);
  });

  for (const [what, body] of [
    ['none', { functions: [] }],
    ['one twice', { functions: ['keyboard', 'keyboard'] }],
    ['an unknown one', { functions: ['mass-storage'] }],
    ['no list', { functions: 'keyboard' }],
    ['more than functions', { functions: ['keyboard'], udc: 'x' }],
  ] as const) {
    it(`refuses ${what} as functions`, async () => {
      const { status, json } = await post('functions', body);
      assert.deepEqual([status, json.error], [400, 'bad-request']);
      assert.deepEqual(files.journal, []);
    });
  }

  it('of the simulated computer has no cable to pull', async () => {
    const simulated = await TestUnit.open();
    await simulated.claim();
    const headers = await simulated.bearer();
    for (const [method, path] of [
      ['GET', '/api/usb'],
      ['POST', '/api/usb/replug'],
    ] as const) {
      const reply = await simulated.request(method, path, { headers });
      assert.deepEqual([reply.status, reply.json.error], [409, 'no-usb']);
    }
    await simulated.close();
  });
});
