import { type Area, type Canvas, intersect } from '../canvas.js';
import { contains } from '../desktop/button.js';
import { DesktopWindow, within } from '../desktop/desktop-window.js';
import { Dock } from '../desktop/dock.js';
import type { ProgramName } from '../desktop/icons.js';
import { PANEL_HEIGHT, Panel } from '../desktop/panel.js';
import { drawPointer, pointerArea } from '../desktop/pointer-shape.js';
import { FIRST_PROGRAMS, PLACES, PLACES_SCREEN, startProgram } from '../desktop/programs.js';
import { wallpaper } from '../desktop/wallpaper.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { PointerEvent } from '../pc-mouse.js';
import type { Mode, Stage, StageHost } from '../stage.js';

/** At least this much of a moved window stays on the screen. */
const KEEP_PX = 60;
const LEFT = 1;

/** What the held left button does: move a window, talk to its inside, or press its close button. */
interface Grab {
  window: DesktopWindow;
  part: 'title' | 'inside' | 'close';
  dx: number;
  dy: number;
}

/** The desktop: windows over a sunset, composed from the areas that changed. */
export class DesktopStage implements Stage {
  readonly name = 'desktop';
  readonly #host: StageHost;
  /** Back to front; the last one has the keyboard. */
  readonly #windows: DesktopWindow[] = [];
  readonly #programs = new Map<ProgramName, DesktopWindow>();
  readonly #panel: Panel;
  #dock: Dock;
  /** Painted when the mode is known, not when somebody starts to watch: the first picture must not wait. */
  #wallpaper: Canvas;
  #screen: Mode;
  #damage: Area[] = [];
  #grab: Grab | undefined;
  /** Where the pointer was painted. */
  #pointer: Area;

  constructor(host: StageHost) {
    this.#host = host;
    this.#screen = { ...host.mode };
    this.#wallpaper = wallpaper(this.#screen.width, this.#screen.height);
    this.#panel = new Panel(host);
    this.#dock = new Dock(this.#screen);
    this.#pointer = pointerArea(host.pointer.x, host.pointer.y);
    for (const name of FIRST_PROGRAMS) this.#open(name);
  }

  key(event: KeyEvent): void {
    if (event.pressed && event.alt && event.key === 'Tab') {
      const back = this.#windows[0];
      if (back) this.#raise(back);
    } else if (event.pressed && event.alt && event.key === 'F4') {
      const front = this.#windows.at(-1);
      if (front) this.#close(front);
    } else if (event.key === 'Meta') {
      if (event.pressed) this.#open('settings');
    } else this.#windows.at(-1)?.content.key(event);
  }

  pointer(event: PointerEvent): void {
    if (event.pressed & LEFT && !this.#grab) this.#press(event);
    const grab = this.#grab;
    const target = grab ? grab.window : this.#windowAt(event.x, event.y);
    if (grab?.part === 'title') this.#moveWindow(grab, event);
    else if (target && grab?.part !== 'close') this.#forward(target, event);
    if (event.released & LEFT && grab) {
      this.#grab = undefined;
      if (grab.part === 'close' && contains(grab.window.closeButton, event.x, event.y)) {
        this.#close(grab.window);
      }
    }
  }

  get paintDueMs(): number {
    const now = this.#host.timers.nowMs;
    const { x, y } = this.#host.pointer;
    if (this.#damage.length > 0 || x !== this.#pointer.x || y !== this.#pointer.y) return now;
    let due = this.#panel.paintDueMs;
    for (const { content } of this.#windows) due = Math.min(due, content.paintDueMs);
    return due;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    const now = this.#host.timers.nowMs;
    const front = this.#windows.at(-1);
    for (const window of this.#windows) {
      if (!full && window.content.paintDueMs > now) continue;
      if (window.paintContent(window === front)) this.#damage.push(window.client);
    }
    if (this.#panel.paintDueMs <= now) this.#damage.push(this.#panel.area);
    const pointer = pointerArea(this.#host.pointer.x, this.#host.pointer.y);
    if (pointer.x !== this.#pointer.x || pointer.y !== this.#pointer.y) {
      this.#damage.push(this.#pointer, pointer);
      this.#pointer = pointer;
    }
    const damage = full ? [canvas.bounds] : this.#damage;
    this.#damage = [];
    for (const area of damage) this.#compose(canvas, area);
    canvas.setClip();
    return damage.length > 0;
  }

  resized(): void {
    const { width, height } = this.#host.mode;
    for (const window of this.#windows) {
      const { x, y } = window.area;
      this.#place(window, x, y, this.#screen);
      window.invalidate();
    }
    this.#screen = { width, height };
    this.#dock = new Dock(this.#screen);
    this.#wallpaper = wallpaper(width, height);
    this.#grab = undefined;
  }

  text(): string {
    return this.#windows.map(({ content }) => `[${content.title}]\n${content.text()}`).join('\n');
  }

  /** Draws one area from back to front, beginning with the last window that hides all that is behind it. */
  #compose(canvas: Canvas, area: Area): void {
    canvas.setClip(area);
    if (canvas.clip.width <= 0 || canvas.clip.height <= 0) return;
    const first = this.#windows.findLastIndex((window) => within(canvas.clip, window.client));
    if (first < 0) canvas.draw(this.#wallpaper, 0, 0);
    const front = this.#windows.at(-1);
    for (const window of this.#windows.slice(Math.max(0, first))) {
      const common = intersect(window.reach, canvas.clip);
      if (common.width > 0 && common.height > 0) window.draw(canvas, window === front);
    }
    const onPanel = intersect(this.#panel.area, canvas.clip);
    if (onPanel.height > 0) this.#panel.draw(canvas);
    const onDock = intersect(this.#dock.area, canvas.clip);
    if (onDock.width > 0 && onDock.height > 0) {
      this.#dock.draw(canvas, (name) => this.#programs.has(name));
    }
    drawPointer(canvas, this.#pointer.x, this.#pointer.y);
  }

  #press(event: PointerEvent): void {
    const program = this.#dock.at(event.x, event.y);
    if (program) {
      this.#open(program);
      return;
    }
    const window = this.#windowAt(event.x, event.y);
    if (!window) return;
    this.#raise(window);
    const { x, y } = window.area;
    const part = contains(window.closeButton, event.x, event.y)
      ? 'close'
      : window.isTitle(event.x, event.y)
        ? 'title'
        : 'inside';
    this.#grab = { window, part, dx: event.x - x, dy: event.y - y };
  }

  #forward(window: DesktopWindow, event: PointerEvent): void {
    const { x, y } = window.client;
    window.content.pointer({ ...event, x: event.x - x, y: event.y - y });
  }

  #moveWindow({ window, dx, dy }: Grab, event: PointerEvent): void {
    this.#damage.push(window.reach);
    window.moveTo(event.x - dx, event.y - dy);
    this.#keepOnScreen(window);
    this.#damage.push(window.reach);
  }

  /** Puts a window where it takes the same share of the free space as (x, y) does on another screen. */
  #place(window: DesktopWindow, x: number, y: number, screen: Mode): void {
    const { width, height } = window.area;
    const now = this.#host.mode;
    const share = (at: number, size: number, from: number, to: number) =>
      Math.round((at * (to - size)) / Math.max(1, from - size));
    window.moveTo(
      share(x, width, screen.width, now.width),
      share(y, height, screen.height, now.height),
    );
    this.#keepOnScreen(window);
  }

  #keepOnScreen(window: DesktopWindow): void {
    const { x, y, width } = window.area;
    const screen = this.#host.mode;
    window.moveTo(
      Math.max(KEEP_PX - width, Math.min(x, screen.width - KEEP_PX)),
      Math.max(PANEL_HEIGHT, Math.min(y, screen.height - KEEP_PX)),
    );
  }

  #windowAt(x: number, y: number): DesktopWindow | undefined {
    return this.#windows.findLast((window) => contains(window.area, x, y));
  }

  /** Starts a program, or brings its window to the front. */
  #open(name: ProgramName): void {
    const running = this.#programs.get(name);
    if (running) {
      this.#raise(running);
      return;
    }
    const [x, y] = PLACES[name];
    const window = new DesktopWindow(startProgram(name, this.#host), x, y);
    this.#place(window, x, y, PLACES_SCREEN);
    this.#programs.set(name, window);
    this.#windows.push(window);
    this.#frontChanged();
    this.#damage.push(this.#dock.area);
  }

  #raise(window: DesktopWindow): void {
    if (this.#windows.at(-1) === window) return;
    this.#windows.splice(this.#windows.indexOf(window), 1);
    this.#windows.push(window);
    this.#frontChanged();
  }

  #close(window: DesktopWindow): void {
    window.content.close();
    this.#windows.splice(this.#windows.indexOf(window), 1);
    for (const [name, of] of this.#programs) if (of === window) this.#programs.delete(name);
    this.#damage.push(window.reach, this.#dock.area);
    this.#frontChanged();
  }

  /** The front window has the cursor and a bright title: it and the one behind it look different now. */
  #frontChanged(): void {
    for (const window of this.#windows.slice(-2)) {
      window.invalidate();
      this.#damage.push(window.reach);
    }
  }
}
