import type { Canvas } from '../canvas.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { PointerEvent } from '../pc-mouse.js';

/** What is inside a window. Sizes and coordinates are those of the inside, without title bar. */
export interface WindowContent {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Light windows get a light title bar. */
  readonly light: boolean;
  /** When the picture next differs: now or earlier means at once, Infinity never by itself. */
  readonly paintDueMs: number;
  /** Draws what changed, or everything, into a canvas of its own size. True when pixels changed. */
  paint(canvas: Canvas, full: boolean, focused: boolean): boolean;
  key(event: KeyEvent): void;
  /** Coordinates relative to the inside; may lie outside while a button is held. */
  pointer(event: PointerEvent): void;
  /** Readable text, for tests. */
  text(): string;
  /** The window was closed: stop timers. */
  close(): void;
}
