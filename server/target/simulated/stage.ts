import type { Canvas } from './canvas.js';
import type { KeyEvent } from './pc-keyboard.js';
import type { PointerEvent } from './pc-mouse.js';
import type { Random } from './random.js';
import type { TimerScope } from './virtual-clock.js';

/** What the PC can run, in the order of a boot. */
export type StageName = 'post' | 'menu' | 'console' | 'desktop';

/** Size of the picture in pixels, both even. */
export interface Mode {
  width: number;
  height: number;
}

/** What a stage may ask of the PC. */
export interface StageHost {
  /** Timers that end with the stage. */
  readonly timers: TimerScope;
  readonly random: Random;
  /** The present mode. */
  readonly mode: Mode;
  readonly pointer: { readonly x: number; readonly y: number; readonly buttons: number };
  /** Lock lamps: bit 0 Num, 1 Caps, 2 Scroll. */
  readonly leds: number;
  /** The PC's calendar, UTC; starts at a fixed date. */
  readonly date: Date;
  /** Milliseconds since power-on. */
  readonly uptimeMs: number;
  /** Ends this stage and starts another, with a short gap without signal when the mode differs. */
  go(stage: StageName): void;
  /** Switches the mode after a short gap without signal; then calls resized() of the stage. */
  setMode(mode: Mode): void;
  /** The boot menu of this boot waits for a choice instead of counting down. */
  stopAtMenu(): void;
  readonly menuStopped: boolean;
  restart(): void;
  powerOff(): void;
  sleep(): void;
}

/** A program that has the whole screen. */
export interface Stage {
  readonly name: StageName;
  key(event: KeyEvent): void;
  pointer(event: PointerEvent): void;
  /** When the picture next differs from the painted one: now or earlier means at once, Infinity never by itself. */
  readonly paintDueMs: number;
  /** Draws what changed since the last call, or everything. True when pixels changed. */
  paint(canvas: Canvas, full: boolean): boolean;
  /** The mode has changed; everything is painted next. */
  resized(): void;
  /** Readable text of the screen, for tests. */
  text(): string;
}
