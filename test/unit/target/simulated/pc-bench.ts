import { createHash } from 'node:crypto';
import type { HidFunction } from '../../../../server/hid/hid-port.js';
import type { HidState } from '../../../../server/protocol/control-messages.js';
import { Canvas } from '../../../../server/target/simulated/canvas.js';
import { Machine } from '../../../../server/target/simulated/machine.js';
import type { VideoSignal } from '../../../../server/target/target.js';

export const LETTER_A = 0x04;
export const ENTER = 0x28;
export const RELEASED = new Uint8Array(8);

/** A boot keyboard report. */
export function keys(modifiers: number, ...usages: number[]): Uint8Array {
  return Uint8Array.from([modifiers, 0, ...usages, 0, 0, 0, 0, 0, 0].slice(0, 8));
}

/** An absolute mouse report. */
export function mouseAt(buttons: number, x: number, y: number, wheel = 0, pan = 0): Uint8Array {
  return Uint8Array.from([buttons, x & 255, x >> 8, y & 255, y >> 8, wheel & 255, pan & 255]);
}

const TYPED = new Map<string, number>([
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter, at): [string, number] => [letter, 0x04 + at]),
  ...[...'1234567890'].map((digit, at): [string, number] => [digit, 0x1e + at]),
  [' ', 0x2c],
  ['\n', ENTER],
]);

/** A PC on a workbench: the test turns its clock, feeds reports and sees everything that it does. */
export class PcBench {
  readonly machine: Machine;
  readonly events: string[] = [];
  readonly signals: Array<VideoSignal & { atMs: number }> = [];
  readonly hidStates: HidState[] = [];
  readonly leds: number[] = [];
  readonly polled: HidFunction[] = [];
  typed = '';
  #canvas = new Canvas(2, 2);

  constructor(seed = 1) {
    this.machine = new Machine({
      seed,
      frameRate: 60,
      listener: {
        signal: (signal) => {
          this.signals.push({ ...signal, atMs: this.machine.clock.nowMs });
          this.events.push(`signal ${signal.state}`);
        },
        hidState: (state) => {
          this.hidStates.push(state);
          this.events.push(`hid ${state}`);
        },
        leds: (bits) => {
          this.leds.push(bits);
          this.events.push(`leds ${bits}`);
        },
        polled: (fn) => this.polled.push(fn),
        typed: (character) => {
          this.typed += character;
        },
      },
    });
  }

  /** A PC that shows a stage and accepts input. */
  static at(stage: 'post' | 'menu' | 'console' | 'desktop', seed = 1): PcBench {
    const bench = new PcBench(seed);
    bench.machine.bootTo(stage);
    bench.wait(2000);
    return bench;
  }

  wait(ms: number): void {
    this.machine.advanceTo(this.machine.clock.nowMs + ms);
  }

  keyboard(modifiers: number, ...usages: number[]): void {
    this.machine.receive('keyboard', keys(modifiers, ...usages));
  }

  /** Presses and releases. */
  tap(modifiers: number, ...usages: number[]): void {
    this.keyboard(modifiers, ...usages);
    this.keyboard(0);
  }

  type(text: string): void {
    for (const character of text) this.tap(0, TYPED.get(character) ?? 0);
  }

  /** Moves to a pixel with buttons held. */
  point(buttons: number, x: number, y: number, wheel = 0): void {
    const { width, height } = this.machine.signal;
    const scale = (pixel: number, size: number) => Math.round((pixel * 32767) / (size - 1));
    this.machine.receive(
      'absolute-mouse',
      mouseAt(buttons, scale(x, width), scale(y, height), wheel),
    );
  }

  click(x: number, y: number): void {
    this.point(0, x, y);
    this.point(1, x, y);
    this.point(0, x, y);
  }

  /** Draws what changed and returns the picture. */
  picture(): Canvas {
    const { width, height } = this.machine.signal;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas = new Canvas(width, height);
      this.machine.invalidate();
    }
    this.machine.paint(this.#canvas);
    return this.#canvas;
  }

  /** Fingerprint of the picture. */
  hash(): string {
    const { pixels } = this.picture();
    const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    return createHash('sha256').update(bytes).digest('hex');
  }
}
