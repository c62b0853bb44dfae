import { execFileSync } from 'node:child_process';
import { writeEdid } from '../../../native/index.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';

export const CAPTURE = '/dev/video0';

/** The kernel's HDMI source that tests drive: its controls may be changed while a pipeline streams. */
export function setControls(controls: Record<string, number>): void {
  const list = Object.entries(controls).map(([name, value]) => `${name}=${value}`);
  execFileSync('v4l2-ctl', ['-d', CAPTURE, '-c', list.join(',')]);
}

/** Presses a button of vivid, such as an injected error. */
export function press(control: string): void {
  setControls({ [control]: 0 });
}

/** Names of its controls, as v4l2-ctl writes them. */
export function controlNames(): string[] {
  const list = execFileSync('v4l2-ctl', ['-d', CAPTURE, '-l'], { encoding: 'utf8' });
  return [...list.matchAll(/^\s*(\w+) 0x/gm)].map(([, name]) => name ?? '');
}

/** dv_timings_signal_mode. */
export const SIGNAL = { ok: 0, none: 1, noLock: 2, outOfRange: 3, selected: 4 } as const;

/** dv_timings: places in vivid's menu. */
export const MODE = { '640x480': 0, '1280x720': 9, '1920x1080': 16 } as const;

export type ModeName = keyof typeof MODE;

export function setMode(mode: ModeName): void {
  setControls({ dv_timings_signal_mode: SIGNAL.selected, dv_timings: MODE[mode] });
}

/** A static picture of 640x480 from a source that sees our EDID. */
export function resetVivid(): void {
  writeEdid(CAPTURE, buildEdid('1280x720@60', 'TEST'));
  setMode('640x480');
  setControls({ osd_text_mode: 2 });
}

/** The kinds of input that vivid can have, as its module option input_types takes them. */
const INPUT = { hdmi: '0x3', webcam: '0x0' } as const;

export function unplugVivid(): void {
  execFileSync('modprobe', ['-r', 'vivid']);
}

export function plugVivid(input: keyof typeof INPUT = 'hdmi'): void {
  const parameters = ['n_devs=1', 'node_types=0x1', 'num_inputs=1', `input_types=${INPUT[input]}`];
  execFileSync('modprobe', ['vivid', ...parameters]);
}

/** Unplugs the device and plugs in a new one. */
export function replugVivid(input: keyof typeof INPUT = 'hdmi'): void {
  unplugVivid();
  plugVivid(input);
}

/** Our encoder; `align` is what its sizes are rounded up to. */
export function loadEncoder(align = 2): void {
  execFileSync('modprobe', ['h264_test_encoder', 'multiplanar=1', `align=${align}`]);
}

/** Our encoder again, with its sizes rounded up to a multiple of `align`, as some hardware does. */
export function reloadEncoder(align: number): void {
  execFileSync('modprobe', ['-r', 'h264_test_encoder']);
  loadEncoder(align);
}
