import type { HidPort } from './hid-port.js';
import { type DeviceWriter, ReportWriter } from './report-writer.js';
import type { StallTimer } from './stall-timer.js';

/** What the relative mouse is to say; goes out in as many reports as it takes. */
export interface RelativeMotion {
  buttons: number;
  dx: number;
  dy: number;
  wheel: number;
  pan: number;
}

/** Range of each axis in one report. */
const MAX_STEP = 127;
/** Motion that waits for the host saturates here: 33 reports, across any screen and no flood. */
const MAX_COUNTS = 4096;

/** The relative mouse, a boot mouse with wheels: buttons u8, dx i8, dy i8, wheel i8, pan i8. */
export class RelativeMouse {
  readonly #writer: ReportWriter<RelativeMotion>;
  #buttons = 0;

  constructor(port: HidPort, after: StallTimer) {
    const format = {
      merge: mergeMotion,
      encode: encodeStep,
      current: () => [{ buttons: this.#buttons, dx: 0, dy: 0, wheel: 0, pan: 0 }],
    };
    this.#writer = new ReportWriter(port, 'relative-mouse', format, after);
  }

  get writer(): DeviceWriter {
    return this.#writer;
  }

  move(dx: number, dy: number, wheel: number, pan: number): void {
    if (dx === 0 && dy === 0 && wheel === 0 && pan === 0) return;
    const still = { buttons: this.#buttons, dx: 0, dy: 0, wheel: 0, pan: 0 };
    this.#writer.push(mergeMotion(still, { ...still, dx, dy, wheel, pan }), false);
  }

  /** Bit n is button n. */
  setButtons(buttons: number): void {
    if (buttons === this.#buttons) return;
    this.#buttons = buttons;
    this.#writer.push({ buttons, dx: 0, dy: 0, wheel: 0, pan: 0 }, true);
  }
}

function mergeMotion(waiting: RelativeMotion, next: RelativeMotion): RelativeMotion {
  return {
    buttons: next.buttons,
    dx: clamp(waiting.dx + next.dx, MAX_COUNTS),
    dy: clamp(waiting.dy + next.dy, MAX_COUNTS),
    wheel: clamp(waiting.wheel + next.wheel, MAX_STEP),
    pan: clamp(waiting.pan + next.pan, MAX_STEP),
  };
}

/** Takes one report's worth off the motion; both axes shrink together, so that the way stays straight. */
function encodeStep(motion: RelativeMotion): { report: Uint8Array; rest: RelativeMotion | null } {
  const { buttons, dx, dy, wheel, pan } = motion;
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / MAX_STEP));
  const stepX = Math.trunc(dx / steps);
  const stepY = Math.trunc(dy / steps);
  const report = Uint8Array.of(buttons, stepX, stepY, wheel, pan);
  if (steps === 1) return { report, rest: null };
  return { report, rest: { buttons, dx: dx - stepX, dy: dy - stepY, wheel: 0, pan: 0 } };
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
