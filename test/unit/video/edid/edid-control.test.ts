import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type KvmError, StartError } from '../../../../server/errors.js';
import { silentLogger } from '../../../../server/logger.js';
import { edidFile } from '../../../../server/store/edid-file.js';
import { buildEdid } from '../../../../server/video/edid/build-edid.js';
import { EdidControl } from '../../../../server/video/edid/edid-control.js';
import { FakeTimers } from '../../../fakes/fake-timers.js';

const SERIAL = 'UNIT';
const DEFAULT = buildEdid('1280x720@60', SERIAL);
const FULL_HD = buildEdid('1920x1080@30', SERIAL);
const OWN = buildEdid('1280x800@60', 'MY MONITOR');

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A capture device at a path: unplugged, plugged in again, busy while it streams. */
class FakeDevice {
  shown: Uint8Array | null = null;
  present = true;
  /** Its node may be opened. */
  allowed = true;
  streaming = false;
  /** Counts the nodes that there have been. */
  node = 1;

  readEdid(): Uint8Array | null {
    if (!this.present) throw failure('ENOENT');
    if (!this.allowed) throw failure('EACCES');
    return this.shown;
  }

  writeEdid(_path: string, edid: Uint8Array): void {
    if (this.streaming) throw failure('EBUSY');
    this.shown = edid;
  }

  unplug(): void {
    this.present = false;
    this.shown = null;
  }

  plug(): void {
    this.present = true;
    this.node += 1;
  }

  get identity(): string {
    return this.present ? String(this.node) : '';
  }
}

describe('the display that the target sees', () => {
  let directory: string;
  let device: FakeDevice;
  let timers: FakeTimers;
  let stops: number;
  const open: EdidControl[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mykvm-edid-'));
    device = new FakeDevice();
    timers = new FakeTimers();
    stops = 0;
  });

  afterEach(() => {
    for (const control of open.splice(0)) control.close();
    assert.equal(timers.pending, 0, 'a closed one looks no more');
    rmSync(directory, { recursive: true });
  });

  /** The appliance's part of a start, with this --edid. */
  async function start(option: string | null = null): Promise<EdidControl> {
    const control = await EdidControl.open({
      path: '/dev/video0',
      option,
      serial: SERIAL,
      memory: edidFile(directory, silentLogger),
      whileStopped: (work) => {
        stops += 1;
        device.streaming = false;
        work();
        device.streaming = true;
      },
      timers,
      logger: silentLogger,
      device,
      nodeIdentity: () => device.identity,
    });
    open.push(control);
    return control;
  }

  it('is the default at first, and shown before anybody watches', async () => {
    const control = await start();
    assert.deepEqual(device.shown, DEFAULT);
    const { choice, presets, edid, state } = control.reply;
    assert.deepEqual([choice, state, presets.length], ['1280x720@60', 'shown', 4]);
    assert.deepEqual(new Uint8Array(Buffer.from(edid, 'base64')), DEFAULT);
  });

  it('changes at once, and the choice outlives a restart', async () => {
    const control = await start();
    assert.equal((await control.choosePreset('1920x1080@30')).choice, '1920x1080@30');
    assert.deepEqual(device.shown, FULL_HD);
    assert.equal(stops, 0, 'nothing is stopped without need');
    await start();
    assert.deepEqual(device.shown, FULL_HD);
    assert.equal((await control.upload(OWN)).choice, 'custom');
    assert.deepEqual((await start()).reply.choice, 'custom');
    assert.deepEqual(new Uint8Array(device.shown ?? []), OWN);
  });

  it('stops the pipeline for a device that refuses another EDID while it streams', async () => {
    const control = await start();
    device.streaming = true;
    const { state } = await control.choosePreset('1920x1080@30');
    assert.equal(stops, 1);
    assert.equal(state, 'shown');
    assert.deepEqual(device.shown, FULL_HD);
  });

  it('follows --edid until another one is chosen, and again when --edid changes', async () => {
    const control = await start('1280x800@60');
    assert.equal(control.reply.choice, '1280x800@60');
    await control.choosePreset('1920x1080@30');
    assert.equal((await start('1280x800@60')).reply.choice, '1920x1080@30');
    assert.equal((await start('1920x1080@25')).reply.choice, '1920x1080@25');
    assert.equal((await start()).reply.choice, '1280x720@60');
  });

  it('takes a file, and says what is wrong with one at which byte', async () => {
    const path = join(directory, 'monitor.bin');
    writeFileSync(path, OWN);
    assert.equal((await start(path)).reply.choice, 'custom');
    assert.deepEqual(new Uint8Array(device.shown ?? []), OWN);
    writeFileSync(path, OWN.with(18, 2));
    await assert.rejects(start(path), (error: Error) => {
      assert.ok(error instanceof StartError);
      assert.match(
        error.message,
        /monitor\.bin is not usable: byte 18: version 2 is not 1; byte 127/,
      );
      return true;
    });
    await assert.rejects(start(join(directory, 'absent')), /absent cannot be read \(ENOENT\)/);
  });

  it('refuses an upload with all that is wrong, and nothing changes', async () => {
    const control = await start();
    await assert.rejects(control.upload(OWN.with(18, 2)), (error: KvmError) => {
      assert.equal(error.code, 'bad-edid');
      assert.match(error.message, /byte 18: version 2 is not 1; byte 127: the checksum is/);
      return true;
    });
    assert.equal(control.reply.choice, '1280x720@60');
    assert.deepEqual(device.shown, DEFAULT);
    assert.equal((await start()).reply.choice, '1280x720@60');
  });

  it('is shown again to a device that comes back, with nobody watching', async () => {
    await start();
    device.unplug();
    timers.advance(2000);
    device.plug();
    timers.advance(2000);
    assert.deepEqual(device.shown, DEFAULT);
    // As quick as a reset is: never seen without a node.
    device.unplug();
    device.plug();
    timers.advance(2000);
    assert.deepEqual(device.shown, DEFAULT);
  });

  it('is shown to a device that is plugged in after the start', async () => {
    device.unplug();
    const control = await start();
    assert.equal(control.reply.state, 'waiting');
    device.plug();
    timers.advance(2000);
    assert.equal(control.reply.state, 'shown');
    assert.deepEqual(device.shown, DEFAULT);
  });

  it('waits for a device whose path leads nowhere', async () => {
    const path = join(directory, 'loop');
    symlinkSync(path, path);
    const control = await EdidControl.open({
      path,
      option: null,
      serial: SERIAL,
      memory: edidFile(directory, silentLogger),
      whileStopped: () => assert.fail('nothing runs'),
      timers,
      logger: silentLogger,
    });
    open.push(control);
    timers.advance(2000);
    assert.equal(control.reply.state, 'waiting');
  });

  it('is shown as soon as a new node may be opened', async () => {
    device.allowed = false;
    const control = await start();
    assert.equal(control.reply.state, 'waiting');
    device.allowed = true;
    timers.advance(2000);
    assert.equal(control.reply.state, 'shown');
  });

  it('is the default again when the kept one was damaged', async () => {
    const kept = {
      choice: { custom: Buffer.from(OWN.with(18, 2)).toString('base64') },
      option: null,
    };
    writeFileSync(join(directory, 'edid.json'), JSON.stringify(kept));
    assert.equal((await start()).reply.choice, '1280x720@60');
    writeFileSync(join(directory, 'edid.json'), '{"choice": {"preset": "4k"}, "option": null}');
    assert.equal((await start()).reply.choice, '1280x720@60');
  });
});
