import type { NativeSignal, PipelineOptions } from '../../native/index.js';
import type { HidPort } from '../hid/hid-port.js';
import type { UsbControl } from '../hid/usb-control.js';
import type { SignalState } from '../protocol/control-messages.js';

/** What the video input shows right now. Width, height and rate are 0 without a signal. */
export interface VideoSignal {
  state: SignalState;
  width: number;
  height: number;
  frameRate: number;
}

/** The computer being driven: a video source and a HID port. */
export interface Target {
  readonly kind: 'hardware' | 'simulated';
  readonly hid: HidPort;
  readonly signal: VideoSignal;
  /** The USB gadget, where there is a real one. */
  readonly usb?: Pick<UsbControl, 'reply' | 'replug' | 'setFunctions' | 'wake'>;
  /** What a pipeline reads from. */
  readonly videoSource: PipelineOptions['source'];
  /** What the pipeline sees on its input: only a target that is captured needs to be told. */
  pipelineSignal?(signal: NativeSignal): void;
  /** Hears of each change of the signal; returns the unsubscribe function. */
  onSignal(listener: (signal: VideoSignal) => void): () => void;
  /** The pipeline runs (true) or nobody watches (false): a target without viewers draws nothing. */
  setWatched(watched: boolean): void;
  close(): Promise<void>;
}
