import type { HidFunction } from '../../../server/hid/hid-port.js';

/** TCP port of the program inside. */
export const INSIDE_PORT = 9000;

/** TCP port of the appliance's page. */
export const PAGE_PORT = 8443;

/** What the tests outside can ask the program inside for. One JSON line per call, and one per answer, in order. */
export interface InsideCalls {
  /**
   * Starts the appliance with these flags and answers when its page is there. One that runs with them already is kept, one
   * with others is closed first. The code is null when it has an owner.
   */
  start(flags: readonly string[]): Promise<{ claimCode: string | null }>;
  /** All that the appliance has written. */
  said(): Promise<string>;
  /** Sets controls of the source in front of the HDMI input; see ../video/vivid.ts. */
  source(controls: Readonly<Record<string, number>>): Promise<void>;
  /** Begins to read one of the host's input devices anew. */
  listen(fn: HidFunction): Promise<void>;
  /** Forgets what has been read. */
  clear(fn: HidFunction): Promise<void>;
  /** What has been read since, in the kernel's words ("KEY_A 1"), without scan codes. */
  events(fn: HidFunction): Promise<string[]>;
  /** Names of keys that the host takes to be held down. */
  heldKeys(): Promise<string[]>;
  /** Switches a lamp of the keyboard, as the host's system does: LED_CAPSL. */
  lamp(name: string, on: boolean): Promise<void>;
}

export interface Call {
  name: keyof InsideCalls;
  args: unknown[];
}

export type Answer = { result: unknown } | { error: string };
