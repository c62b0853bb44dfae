import { execFileSync } from 'node:child_process';
import { writeEdid } from '../../../native/index.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';

/** The kernel's virtual HDMI capture device (Documentation/admin-guide/media/vivid.rst). */
export const CAPTURE = '/dev/video0';

/** dv_timings_signal_mode: what the source in front of it sends. */
export const SIGNAL = { ok: 0, none: 1, noLock: 2, outOfRange: 3, selected: 4 } as const;

/** dv_timings: places in vivid's menu. */
export const MODE = { '640x480': 0, '1280x720': 9, '1920x1080': 16 } as const;

/** Sets controls, as any program may while a pipeline streams. */
export function setControls(controls: Readonly<Record<string, number>>): void {
  const list = Object.entries(controls).map(([name, value]) => `${name}=${value}`);
  execFileSync('v4l2-ctl', ['-d', CAPTURE, '-c', list.join(',')]);
}

/** Presses a button of vivid, such as an injected error. */
export function press(control: string): void {
  setControls({ [control]: 0 });
}

export function setMode(mode: keyof typeof MODE): void {
  setControls({ dv_timings_signal_mode: SIGNAL.selected, dv_timings: MODE[mode] });
}

/** A static picture of 640x480 from a source that sees our EDID. */
export function resetVivid(): void {
  writeEdid(CAPTURE, buildEdid('1280x720@60', 'TEST'));
  setMode('640x480');
  setControls({ osd_text_mode: 2 });
}

/** Unplugs the device and plugs in a new one. */
export function replugVivid(): void {
  execFileSync('modprobe', ['-r', 'vivid']);
  const parameters = ['n_devs=1', 'node_types=0x1', 'num_inputs=1', 'input_types=0x3'];
  execFileSync('modprobe', ['vivid', ...parameters]);
}
