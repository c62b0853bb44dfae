import type { HidFunction } from '../../hid/hid-port.js';
import type { HidState } from '../../protocol/control-messages.js';
import type { VideoSignal } from '../target.js';
import type { Canvas } from './canvas.js';
import { PcKeyboard } from './pc-keyboard.js';
import { PcMouse } from './pc-mouse.js';
import { isPowerButton, isPowerOnKey, isSleepButton } from './power-key.js';
import { createRandom, type Random } from './random.js';
import type { Mode, Stage, StageHost, StageName } from './stage.js';
import { createStage } from './stages/create-stage.js';
import { type TimerScope, VirtualClock } from './virtual-clock.js';

/** What the PC does to the world outside: its video output and its end of the USB cable. */
export interface MachineListener {
  signal(signal: VideoSignal): void;
  hidState(state: HidState): void;
  leds(bits: number): void;
  /** The host has fetched (or thrown away) a report of this function: there is room for another. */
  polled(fn: HidFunction): void;
  /** A report was decoded. */
  report?(fn: HidFunction, bytes: Uint8Array, virtualMs: number): void;
  /** The operating system got a character from the keyboard; Enter is a line feed. */
  typed?(character: string): void;
}

type Power = 'off' | 'booting' | 'on' | 'asleep' | 'waking';

const ENUMERATION_MS = 200;
const WAKE_MS = 400;
const RESTART_GAP_MS = 500;
/** A mode change takes this to twice this. */
const GAP_MS = 300;
/** Going to sleep takes a while: the release of the key or button that asked for it must not wake the PC again. */
const SLEEP_MS = 1000;
const START_DATE_MS = Date.UTC(2026, 10, 22, 18, 14, 0);
const DELETE = 0x4c;
const POWER_KEY = 0x66;
const BOOT_MODES: Record<'post' | 'menu', Mode> = {
  post: { width: 720, height: 400 },
  menu: { width: 640, height: 480 },
};
const NO_SIGNAL: VideoSignal = { state: 'no-signal', width: 0, height: 0, frameRate: 0 };

/**
 * The simulated PC: power, USB host, mode setting and the program on the screen. It does nothing by itself:
 * time comes from advanceTo(), input from receive(), and pictures are drawn when somebody calls paint().
 *
 * Power states: the USB port has standby power, so a PC that is off or asleep is 'suspended' on the bus and any key
 * switches it on; a mouse wakes it from sleep only. At power-on and restart the bus is reset: 'detached' for a moment.
 */
export class Machine {
  readonly #clock = new VirtualClock();
  readonly #random: Random;
  readonly #frameRate: number;
  readonly #listener: MachineListener;
  readonly #keyboard: PcKeyboard;
  readonly #mouse: PcMouse;
  /** Reports that wait in the gadget until the bus has resumed. */
  #waiting: Array<{ fn: HidFunction; bytes: Uint8Array }> = [];
  #power: Power = 'off';
  #hidState: HidState = 'detached';
  #signal = NO_SIGNAL;
  #mode: Mode = BOOT_MODES.post;
  #userMode: Mode = { width: 1280, height: 720 };
  #stage: Stage | undefined;
  /** Timers of power, bus and mode changes, and those of the stage; both end at power-off. */
  #timers: TimerScope;
  #stageTimers: TimerScope;
  #cancelSwitch = () => {};
  #poweredAtMs = 0;
  #menuStopped = false;
  /** Ctrl+Alt+Del is still held after a reset: it must not restart the PC again and again. */
  #resetHeld = false;
  #fullPaint = true;

  constructor(options: { seed: number; frameRate: number; listener: MachineListener }) {
    this.#random = createRandom(options.seed);
    this.#frameRate = options.frameRate;
    this.#listener = options.listener;
    this.#timers = this.#clock.scope();
    this.#stageTimers = this.#clock.scope();
    this.#mouse = new PcMouse((event) => this.#running?.pointer(event));
    this.#keyboard = this.#createKeyboard();
  }

  get clock(): VirtualClock {
    return this.#clock;
  }

  get signal(): VideoSignal {
    return this.#signal;
  }

  get hidState(): HidState {
    return this.#hidState;
  }

  /** The program on the screen; undefined while off, asleep or between two. */
  get stageName(): StageName | undefined {
    return this.#running?.name;
  }

  /** Readable text of the screen; '' without a picture. */
  screenText(): string {
    return this.#running?.text() ?? '';
  }

  /** Switches the PC on. Nothing happens when it is on. */
  powerOn(): void {
    if (this.#power === 'off') this.#boot('post');
  }

  /** Starts again straight into one stage; for tests that do not care about the boot. */
  bootTo(stage: StageName): void {
    this.#cut();
    this.#boot(stage);
  }

  /** Runs the PC up to a virtual time, in milliseconds since it was made. */
  advanceTo(timeMs: number): void {
    this.#clock.advanceTo(timeMs);
  }

  /** Takes a report from the cable. Each one is answered by exactly one polled(), perhaps later. */
  receive(fn: HidFunction, bytes: Uint8Array): void {
    if (this.#hidState === 'configured') {
      this.#take(fn, bytes);
    } else if (this.#power === 'asleep' || this.#power === 'waking') {
      this.#waiting.push({ fn, bytes });
      this.#wake();
    } else {
      this.#listener.polled(fn);
      if (this.#power === 'off' && isPowerOnKey(fn, bytes)) this.powerOn();
    }
  }

  /** When the picture next needs painting (virtual milliseconds); Infinity without a signal. */
  get paintDueMs(): number {
    if (this.#signal.state !== 'ok' || !this.#stage) return Number.POSITIVE_INFINITY;
    return this.#fullPaint ? this.#clock.nowMs : this.#stage.paintDueMs;
  }

  /** The next paint() draws everything, for example into a new buffer. */
  invalidate(): void {
    this.#fullPaint = true;
  }

  /** Draws what changed since the last call into a canvas of the signal's size. True when pixels changed. */
  paint(canvas: Canvas): boolean {
    if (this.#signal.state !== 'ok' || !this.#stage) return false;
    const full = this.#fullPaint;
    this.#fullPaint = false;
    return this.#stage.paint(canvas, full) || full;
  }

  /** The stage that sees input: none while the screen is dark. */
  get #running(): Stage | undefined {
    return this.#power === 'on' || this.#power === 'booting' ? this.#stage : undefined;
  }

  #createKeyboard(): PcKeyboard {
    return new PcKeyboard(this.#clock.scope(), {
      leds: (bits) => this.#listener.leds(bits),
      key: (event) => {
        if (event.pressed) {
          const character = event.character || (event.key === 'Enter' ? '\n' : '');
          if (character) this.#listener.typed?.(character);
          if (event.ctrl && (event.alt || event.altGr) && event.usage === DELETE && !event.repeat) {
            this.#reset();
            return;
          }
        }
        if (event.pressed && event.usage === POWER_KEY && !event.repeat) this.powerOff();
        else this.#running?.key(event);
      },
    });
  }

  #take(fn: HidFunction, bytes: Uint8Array): void {
    this.#listener.report?.(fn, bytes, this.#clock.nowMs);
    this.#listener.polled(fn);
    if (fn === 'keyboard') {
      if (!bytes.subarray(2).includes(DELETE)) this.#resetHeld = false;
      this.#keyboard.report(bytes);
    } else if (fn === 'absolute-mouse') this.#mouse.absoluteReport(bytes);
    else if (fn === 'relative-mouse') this.#mouse.relativeReport(bytes);
    else if (isPowerButton(bytes)) this.powerOff();
    else if (isSleepButton(bytes) && this.#power === 'on') this.#sleep();
  }

  #boot(stage: StageName): void {
    this.#power = 'booting';
    this.#menuStopped = false;
    this.#poweredAtMs = this.#clock.nowMs;
    this.#setHid('detached');
    this.#timers.after(ENUMERATION_MS, () => {
      this.#keyboard.enumerate();
      this.#mouse.enumerate();
      this.#setHid('configured');
    });
    this.#timers.after(RESTART_GAP_MS, () => {
      this.#power = 'on';
      this.#mode = this.#modeOf(stage);
      this.#go(stage);
    });
  }

  /** Cuts the main power: no picture, nothing runs. */
  #cut(): void {
    this.#timers.close();
    this.#timers = this.#clock.scope();
    this.#stageTimers.close();
    this.#stage = undefined;
    this.#keyboard.suspend();
    this.#setSignal(NO_SIGNAL);
    this.#dropWaiting();
  }

  #reset(): void {
    if (this.#resetHeld) return;
    this.#resetHeld = true;
    this.#cut();
    this.#boot('post');
  }

  /** Switches the PC off; the bus keeps standby power. */
  powerOff(): void {
    this.#cut();
    this.#power = 'off';
    this.#keyboard.enumerate();
    this.#setHid('suspended');
  }

  #sleep(): void {
    this.#timers.after(SLEEP_MS, () => {
      this.#power = 'asleep';
      this.#keyboard.suspend();
      this.#setSignal(NO_SIGNAL);
      this.#setHid('suspended');
    });
  }

  #wake(): void {
    if (this.#power !== 'asleep') return;
    this.#power = 'waking';
    this.#timers.after(WAKE_MS, () => {
      this.#power = 'on';
      this.#setHid('configured');
      this.#showSignal();
      for (const { fn, bytes } of this.#waiting.splice(0)) this.#take(fn, bytes);
    });
  }

  #dropWaiting(): void {
    for (const { fn } of this.#waiting.splice(0)) this.#listener.polled(fn);
  }

  #go(name: StageName): void {
    this.#stageTimers.close();
    this.#stageTimers = this.#clock.scope();
    this.#stage = undefined;
    this.#switchMode(this.#modeOf(name), () => {
      this.#stage = createStage(name, this.#host());
    });
  }

  #modeOf(name: StageName): Mode {
    return name === 'post' || name === 'menu' ? BOOT_MODES[name] : this.#userMode;
  }

  #switchMode(mode: Mode, ready: () => void): void {
    this.#cancelSwitch();
    const same = mode.width === this.#mode.width && mode.height === this.#mode.height;
    const show = () => {
      this.#mode = mode;
      this.#mouse.setScreen(mode.width, mode.height);
      ready();
      this.#showSignal();
    };
    if (same) {
      show();
      return;
    }
    this.#setSignal(NO_SIGNAL);
    const gapMs = GAP_MS + Math.floor(this.#random() * GAP_MS);
    this.#cancelSwitch = this.#timers.after(gapMs, show);
  }

  #showSignal(): void {
    if (this.#power !== 'on') return;
    this.#fullPaint = true;
    this.#setSignal({ state: 'ok', ...this.#mode, frameRate: this.#frameRate });
  }

  #setSignal(signal: VideoSignal): void {
    const { state, width, height } = this.#signal;
    if (signal.state === state && signal.width === width && signal.height === height) return;
    this.#signal = signal;
    this.#listener.signal(signal);
  }

  #setHid(state: HidState): void {
    if (state === this.#hidState) return;
    this.#hidState = state;
    this.#listener.hidState(state);
  }

  #host(): StageHost {
    const machine = this;
    return {
      timers: this.#stageTimers,
      random: this.#random,
      get mode() {
        return machine.#mode;
      },
      pointer: this.#mouse,
      get leds() {
        return machine.#keyboard.leds;
      },
      get date() {
        return new Date(START_DATE_MS + machine.#clock.nowMs);
      },
      get uptimeMs() {
        return machine.#clock.nowMs - machine.#poweredAtMs;
      },
      go: (stage) => this.#go(stage),
      setMode: (mode) => {
        this.#userMode = mode;
        this.#switchMode(mode, () => this.#stage?.resized());
      },
      stopAtMenu: () => {
        this.#menuStopped = true;
      },
      get menuStopped() {
        return machine.#menuStopped;
      },
      restart: () => {
        this.#cut();
        this.#boot('post');
      },
      powerOff: () => this.powerOff(),
      sleep: () => this.#sleep(),
    };
  }
}
