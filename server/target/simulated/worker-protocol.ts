import type { HidFunction } from '../../hid/hid-port.js';
import type { HidState } from '../../protocol/control-messages.js';
import type { VideoSignal } from '../target.js';
import type { StageName } from './stage.js';

/** How the worker is started. */
export interface WorkerSettings {
  /** Of the frame buffer that it draws into. */
  handle: number;
  seed: number;
  frameRate: number;
  testMarks: boolean;
  recordLog: boolean;
}

/** One report as the PC got it. */
export interface LoggedReport {
  fn: HidFunction;
  /** The bytes in hexadecimal. */
  hex: string;
  virtualMs: number;
}

/** What tests may ask for; answered only when `recordLog` is set. */
export type TestQuestion =
  | { kind: 'log' }
  | { kind: 'typed-text' }
  | { kind: 'screen-text' }
  | { kind: 'frames' }
  /** Answered with the capture times of frames since the last such question. */
  | { kind: 'frame-times' }
  /** Answered when the stage is on the screen. */
  | { kind: 'boot-to'; stage: StageName };

export type ToWorker =
  | { type: 'report'; fn: HidFunction; bytes: Uint8Array }
  | { type: 'watched'; watched: boolean }
  | { type: 'test'; id: number; question: TestQuestion }
  | { type: 'close' };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'signal'; signal: VideoSignal }
  | { type: 'hid-state'; state: HidState }
  | { type: 'leds'; bits: number }
  | { type: 'polled'; fn: HidFunction }
  | { type: 'test'; id: number; answer: unknown };
