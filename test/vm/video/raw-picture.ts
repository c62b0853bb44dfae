import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CAPTURE } from './vivid.js';

const FILE = '/tmp/raw-picture';

/** One picture of the mode that the source sends, as the device delivers it: taken by another program, without our code. */
export function rawPicture(fourcc: string): Buffer {
  const format = ['--set-dv-bt-timings=query', `--set-fmt-video=pixelformat=${fourcc}`];
  const stream = ['--stream-mmap', '--stream-count=1', `--stream-to=${FILE}`];
  execFileSync('v4l2-ctl', ['-d', CAPTURE, ...format, ...stream], { stdio: 'ignore' });
  return readFileSync(FILE);
}
