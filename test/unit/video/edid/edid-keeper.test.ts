import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../../server/logger.js';
import { buildEdid } from '../../../../server/video/edid/build-edid.js';
import { EdidKeeper } from '../../../../server/video/edid/edid-keeper.js';

const PATH = '/dev/video0';
const FIRST = buildEdid('1280x720@60', 'UNIT');
const SECOND = buildEdid('1920x1080@30', 'UNIT');

/** A device that remembers, until it is unplugged. */
function setUp() {
  const device = {
    shown: null as Uint8Array | null,
    writes: 0,
    error: null as Error | null,
    streaming: false,
    readEdid: () => {
      if (device.error) throw device.error;
      return device.shown;
    },
    writeEdid: (path: string, edid: Uint8Array) => {
      assert.equal(path, PATH);
      if (device.streaming) throw failure('EBUSY');
      device.writes += 1;
      device.shown = edid;
    },
  };
  const said: string[] = [];
  const say = (level: string) => (_: object, text: string) => void said.push(`${level}: ${text}`);
  const logger = { ...silentLogger, info: say('info'), warn: say('warn') };
  return { device, said, keeper: new EdidKeeper(PATH, FIRST, logger, device) };
}

const failure = (code: string) => Object.assign(new Error(code), { code });

test('the EDID is written once, and again when the device has lost it', () => {
  const { device, keeper } = setUp();
  keeper.ensure();
  keeper.ensure();
  assert.equal(device.writes, 1);
  assert.deepEqual(device.shown, FIRST);
  device.shown = null;
  keeper.ensure();
  assert.equal(device.writes, 2);
});

test('another EDID is shown at once and kept', () => {
  const { device, keeper } = setUp();
  keeper.change(SECOND);
  assert.deepEqual(device.shown, SECOND);
  device.shown = FIRST;
  keeper.ensure();
  assert.deepEqual(device.shown, SECOND);
  assert.deepEqual(keeper.edid, SECOND);
});

test('a device that puts its own address into the EDID is not written to again and again', () => {
  const { device, keeper } = setUp();
  device.writeEdid = (_, edid) => {
    device.writes += 1;
    device.shown = Uint8Array.from(edid, (byte, at) => (at === 140 ? 0x20 : byte));
  };
  keeper.ensure();
  keeper.ensure();
  assert.equal(device.writes, 1);
  keeper.change(SECOND);
  assert.equal(device.writes, 2);
});

test('a device that is away is a warning, once; the EDID is written when it is back', () => {
  const { device, said, keeper } = setUp();
  device.error = failure('ENOENT');
  keeper.ensure();
  keeper.ensure();
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /^warn: .*tried again/);
  device.error = null;
  keeper.ensure();
  assert.deepEqual(device.shown, FIRST);
});

test('a device without a place for an EDID is no warning', () => {
  const { device, said, keeper } = setUp();
  device.error = failure('ENOTTY');
  keeper.ensure();
  assert.deepEqual(said, ['info: the capture device has a fixed EDID, or none']);
});

test('a device that is busy while it streams gets the EDID while the pipeline is stopped', () => {
  const { device, said, keeper } = setUp();
  keeper.ensure();
  device.streaming = true;
  keeper.change(SECOND, (work) => {
    device.streaming = false;
    work();
    device.streaming = true;
  });
  assert.deepEqual(device.shown, SECOND);
  assert.equal(keeper.state, 'shown');
  assert.ok(!said.some((line) => line.startsWith('warn')), said.join());
});

test('a busy device that nothing stops waits, and the state says so', () => {
  const { device, keeper } = setUp();
  device.streaming = true;
  keeper.change(SECOND);
  assert.equal(keeper.state, 'waiting');
  device.streaming = false;
  keeper.ensure();
  assert.equal(keeper.state, 'shown');
  device.error = failure('ENOTTY');
  keeper.ensure();
  assert.equal(keeper.state, 'fixed');
});
