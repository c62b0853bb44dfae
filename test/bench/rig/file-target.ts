import type { FrameBufferSource } from '../../../native/index.js';
import type { HidPort } from '../../../server/hid/hid-port.js';
import type { Target, VideoSignal } from '../../../server/target/target.js';
import type { RecordedPictures } from './picture-file.js';

/** A target whose pictures come from a file (see FilePipeline) and whose keyboard is connected to nothing. */
export class FileTarget implements Target {
  readonly kind = 'simulated';
  readonly videoSource: FrameBufferSource = { kind: 'frame-buffer', handle: 0 };
  readonly signal: VideoSignal;
  readonly hid: HidPort = {
    state: 'configured',
    write: () => 'written',
    listen: () => {},
  };

  constructor({ width, height, frameRate }: RecordedPictures) {
    this.signal = { state: 'ok', width, height, frameRate };
  }

  onSignal(): () => void {
    return () => {};
  }

  setWatched(): void {
    // Nothing draws.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
