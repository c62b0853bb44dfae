import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { after, beforeEach, type TestContext, test } from 'node:test';
import { monotonicUs, type StageTime } from '../../../native/index.js';
import { quantile } from '../../bench/quantiles.js';
import { until } from '../../e2e/until.js';
import { plugIn } from '../hid/gadget-rig.js';
import { startRig, testEncoder } from '../video/capture-rig.js';
import { CAPTURE, type ModeName, resetVivid, setControls, setMode } from '../video/vivid.js';
import { KernelFigures } from './kernel-figures.js';

// What `make bench` shows of the way through the kernel. Nothing is judged here: the tests fail when something does not happen at all.
const RUNS = 5;
const REPORTS = 40;
const PICTURES = 60;
const A = 0x04;
const B = 0x05;
/** The boot report (HID 1.11 appendix B.1) of that key, and of none. */
const DOWN = Buffer.from([0, 0, A, 0, 0, 0, 0, 0]);
const UP = Buffer.alloc(8);
const EV_KEY = 1;

const figures = new KernelFigures();

beforeEach(resetVivid);
after(() => figures.write());

/** Milliseconds until a program that does nothing else has one raw picture of the mode that was just set. */
function rawPictureMs(fromUs: number): number {
  const steps = [
    '--set-dv-bt-timings=query',
    '--stream-mmap',
    '--stream-count=1',
    '--stream-to=/dev/null',
  ];
  execFileSync('v4l2-ctl', ['-d', CAPTURE, ...steps], { stdio: 'ignore' });
  return (monotonicUs() - fromUs) / 1000;
}

test('from a change of the source to the first picture of the new mode', async (t: TestContext) => {
  const modes: ModeName[] = ['1280x720', '640x480'];
  for (let run = 0; run < RUNS; run++) {
    const mode = modes[run % 2] ?? '640x480';
    const width = Number(mode.split('x')[0]);
    const rig = startRig(t, { encoder: testEncoder() });
    await rig.untilUnits(1);
    setMode(mode);
    const changedUs = monotonicUs();
    const first = () => rig.units.find((unit) => unit.width === width);
    await rig.until(`a picture of ${mode}`, () => first() !== undefined);
    const shownUs = monotonicUs();
    const firstFrameUs = first()?.timestampUs ?? 0;
    figures.add('source_change.first_picture', 'ms', (shownUs - changedUs) / 1000);
    figures.add('source_change.first_frame_to_picture', 'ms', (shownUs - firstFrameUs) / 1000);
    // The driver delivers from STREAMON on: pictures that it had no buffer for, and this one.
    const { missed } = rig.pipeline.stats();
    figures.add('source_change.source_frames', 'frames', missed + 1);
    rig.pipeline.close();
    setMode(modes[(run + 1) % 2] ?? '640x480');
    setMode(mode);
    figures.addReference('source_change.first_picture', 'ms', rawPictureMs(monotonicUs()));
    setMode(mode);
  }
});

/** Reads key events as a program of the host does, waiting in the kernel for each. */
class KeyEvents {
  readonly #file: FileHandle;
  /** struct input_event of 64-bit Linux (linux/input.h), a few of them: a scan code and the end of the packet come along. */
  readonly #events = Buffer.alloc(24 * 16);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async next(value: 0 | 1): Promise<void> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#events);
      for (let at = 0; at < bytesRead; at += 24) {
        if (this.#events.readUInt16LE(at + 16) !== EV_KEY) continue;
        assert.equal(this.#events.readInt32LE(at + 20), value);
        return;
      }
    }
  }
}

test('from a report to the program that reads it on the host', async (t: TestContext) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  // Linux throws away what comes within 50 ms of opening a keyboard.
  await until('a tap that arrives', () => {
    rig.tap(A);
    return host.events.includes('KEY_A 0');
  });
  rig.tap(B);
  await host.untilLast('KEY_B 0');
  const device = await open(host.node, 'r');
  t.after(() => device.close());
  const bareDevice = await open('/dev/hidg0', 'w');
  t.after(() => bareDevice.close());
  const events = new KeyEvents(device);
  const arrival = async (send: () => void, value: 0 | 1) => {
    const arrived = events.next(value);
    const fromUs = monotonicUs();
    send();
    await arrived;
    return (monotonicUs() - fromUs) / 1000;
  };
  const own: number[] = [];
  const bare: number[] = [];
  for (let tap = 0; tap < REPORTS; tap++) {
    own.push(await arrival(() => rig.press(A), 1), await arrival(() => rig.release(A), 0));
    bare.push(await arrival(() => writeSync(bareDevice.fd, DOWN), 1));
    bare.push(await arrival(() => writeSync(bareDevice.fd, UP), 0));
  }
  for (const [quality, q] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    figures.add(`hid_report.to_evdev.${quality}`, 'ms', quantile(own, q));
    figures.addReference(`hid_report.to_evdev.${quality}`, 'ms', quantile(bare, q));
  }
});

for (const encoder of [testEncoder(), { kind: 'software' } as const]) {
  test(`where the time of a picture goes, ${encoder.kind} encoder`, async (t: TestContext) => {
    // A picture that moves: a still one is not coded again.
    setControls({ osd_text_mode: 0 });
    for (let run = 0; run < RUNS; run++) {
      const rig = startRig(t, { encoder });
      await rig.untilUnits(PICTURES);
      const { stages } = rig.pipeline.stats();
      // Not the first stage: vivid dates a picture to the end of a scan that it does not wait for, 90 % of a frame ahead.
      const parts: Array<[string, StageTime]> = [
        ['wait', stages.wait],
        ['encode', stages.encode],
        ['hand_over', stages.handOver],
      ];
      for (const [stage, { meanUs }] of parts) {
        figures.add(`capture_to_access_unit.${encoder.kind}.${stage}`, 'ms', meanUs / 1000);
      }
      rig.pipeline.close();
    }
  });
}
