import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, type TestContext, test } from 'node:test';
import { createPipeline, readEdid } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { edidFile } from '../../../server/store/edid-file.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';
import { EdidControl } from '../../../server/video/edid/edid-control.js';
import type { EdidPreset } from '../../../server/video/edid/edid-presets.js';
import { systemTimers } from '../../../server/video/keyframe-policy.js';
import { VideoSupervisor } from '../../../server/video/video-supervisor.js';
import { until } from '../../e2e/until.js';
import { CAPTURE, replugVivid, resetVivid, setControls } from './vivid.js';

const SERIAL = 'TEST';

beforeEach(() => {
  resetVivid();
  setControls({ osd_text_mode: 0 });
});

/** The appliance's own EDID control and supervisor on vivid. */
async function setUp(t: TestContext) {
  const units: AccessUnit[] = [];
  /** How many units there were whenever the pipeline was stopped. */
  const stops: number[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'mykvm-edid-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const open = async (): Promise<EdidControl> => {
    const opened = await EdidControl.open({
      path: CAPTURE,
      option: null,
      serial: SERIAL,
      memory: edidFile(directory, silentLogger),
      whileStopped: (work) => {
        stops.push(units.length);
        supervisor.interrupt(work);
      },
      timers: systemTimers,
      logger: silentLogger,
    });
    t.after(() => opened.close());
    return opened;
  };
  const supervisor = new VideoSupervisor({
    createPipeline: (listener) => {
      control.ensure();
      return createPipeline(
        {
          source: { kind: 'capture-device', path: CAPTURE },
          encoder: { kind: 'software' },
          bitrateBps: 4_000_000,
          frameRate: 60,
        },
        listener,
      );
    },
    setWatched: () => {},
    changed: () => {},
    timers: systemTimers,
    logger: silentLogger,
  });
  t.after(() => supervisor.close());
  const control = await open();
  return { control, supervisor, open, units, stops };
}

/** vivid puts its own physical address into the extension: the base block tells. */
function shows(preset: EdidPreset): boolean {
  const base = readEdid(CAPTURE)?.subarray(0, 128);
  return base?.equals(buildEdid(preset, SERIAL).subarray(0, 128)) ?? false;
}

test('another EDID while somebody watches: vivid refuses it while it streams, gets it, and the pictures go on', async (t) => {
  const { control, supervisor, open, units, stops } = await setUp(t);
  assert.ok(shows('1280x720@60'));
  supervisor.subscribe({ accessUnit: (unit) => void units.push(unit) });
  await until('pictures', () => units.length >= 3);
  const { choice, state } = await control.choosePreset('1920x1080@30');
  assert.deepEqual([choice, state], ['1920x1080@30', 'shown']);
  assert.ok(shows('1920x1080@30'));
  const [before = 0] = stops;
  assert.equal(stops.length, 1);
  await until('pictures again', () => units.length >= before + 3);
  const last = units[before - 1];
  const next = units[before];
  assert.ok(last && next);
  assert.equal(next.keyframe, true);
  assert.ok(next.number > last.number);
  supervisor.close();
  assert.equal((await open()).reply.choice, '1920x1080@30');
});

test('a device that comes back is shown the EDID again while nobody watches', async (t) => {
  const { control } = await setUp(t);
  await control.choosePreset('1280x800@60');
  replugVivid();
  await until('the EDID on the new device', () => shows('1280x800@60'));
});
