import { HidController } from '../../../../server/hid/hid-controller.js';
import type { KeyUsage, MouseButton } from '../../../../server/protocol/key-usage.js';
import type { InputSink } from '../../../../server/session/input-sink.js';
import { ModelHost } from './model-host.js';
import type { LinkFaults } from './model-link.js';
import { ModelViewer } from './model-viewer.js';
import { Random } from './random.js';
import { VirtualClock } from './virtual-clock.js';

/** Longer than any delay in the model: whatever was under way has arrived. */
const QUIET_MS = 10_000;
/** The typist holds this key from beginning to end, and viewers press and release it too. */
export const TYPIST_KEY: KeyUsage = 0x04;

/** More than six letters for roll-over, modifiers of both sides, media and power. */
const USAGES: readonly KeyUsage[] = [
  TYPIST_KEY,
  0x05,
  0x06,
  0x07,
  0x08,
  0x09,
  0x0a,
  0x0b,
  0xe0,
  0xe1,
  0xe6,
  0x10e9,
  0x10ea,
  0x2081,
];

/** What the world makes of the sink: the real one, or a mutant around it. */
export type SinkOf = (controller: HidController) => InputSink;

/** Two viewers and a typist on one target, with everything real between the pages and the reports. */
export class ModelWorld {
  readonly clock = new VirtualClock();
  readonly host = new ModelHost(this.clock);
  readonly controller: HidController;
  readonly random: Random;
  readonly sink: InputSink;
  readonly faults: LinkFaults;
  readonly viewers: readonly [ModelViewer, ModelViewer];
  readonly #typist = { id: 'typist' };
  #epoch = 0;

  constructor(seed: number, faults: LinkFaults, sinkOf: SinkOf = (controller) => controller) {
    this.random = new Random(seed);
    this.faults = faults;
    this.controller = new HidController(this.host, {
      after: (delayMs, callback) => this.clock.after(delayMs, callback),
    });
    this.controller.start();
    this.sink = sinkOf(this.controller);
    this.viewers = [new ModelViewer('first', this), new ModelViewer('second', this)];
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }

  /** Presses the typist's key; from now on the target must see it down without a break. */
  startTypist(): void {
    this.sink.key(this.#typist, TYPIST_KEY, true);
    this.host.target.onKeyUp = (usage) => {
      if (usage === TYPIST_KEY) throw new Error('a key of another source was released');
    };
  }

  stopTypist(): void {
    this.host.target.onKeyUp = null;
    this.sink.key(this.#typist, TYPIST_KEY, false);
  }

  /** One action of a run; `code` decides which one, when and with what. */
  act(code: number): void {
    const viewer = this.viewers[code & 1] as ModelViewer;
    const detail = code >>> 9;
    this.clock.advance((code >>> 1) & 7);
    const action = (code >>> 4) & 31;
    if (action < 20) this.#input(viewer, action, detail);
    else this.#trouble(viewer, action, detail);
  }

  #input({ sender }: ModelViewer, action: number, detail: number): void {
    const usage = USAGES[detail % USAGES.length] as KeyUsage;
    if (action < 8) sender.key(usage, true);
    else if (action < 11) sender.key(usage, false);
    else if (action < 13) sender.button((detail % 5) as MouseButton, true);
    else if (action < 14) sender.button((detail % 5) as MouseButton, false);
    else if (action < 16) sender.moveTo(detail & 0x7fff, (detail * 7) & 0x7fff);
    else if (action < 17) sender.moveBy((detail % 401) - 200, (detail % 301) - 150);
    else if (action < 18) sender.scroll((detail % 5) - 2, (detail % 3) - 1);
    else if (action < 19) sender.chord(['ControlLeft', 'AltLeft', 'Delete']);
    else sender.releaseAll();
  }

  #trouble(viewer: ModelViewer, action: number, detail: number): void {
    switch (action) {
      case 20:
        viewer.connect();
        break;
      case 21:
        viewer.crash(detail % 2000, detail % 8 === 0 ? null : detail % 500);
        break;
      case 22:
      case 23:
        this.#takeOver(viewer, action === 22);
        break;
      case 24:
        this.host.stall();
        break;
      case 25:
        this.host.leave((['detached', 'suspended', 'unseen'] as const)[detail % 3] ?? 'detached');
        break;
      case 26:
      case 27:
      case 28:
        this.host.comeBack();
        break;
      case 29:
      case 30:
        viewer.move(action === 29);
        break;
      case 31:
        this.clock.advance(detail % 1500);
        break;
      default:
        this.clock.advance(detail % 50);
    }
  }

  /** Control may be shared one day: then both hold keys at once, and neither may release the other's. */
  #takeOver(viewer: ModelViewer, alone: boolean): void {
    if (alone) for (const other of this.viewers) if (other !== viewer) other.setControl(false);
    viewer.setControl(true);
  }

  /** The network and the host are well again, and everything under way arrives. */
  settle(): void {
    for (const viewer of this.viewers) viewer.heal();
    this.host.comeBack();
    this.clock.advance(QUIET_MS);
  }

  /** What the target must hold when all is quiet: what viewers and typist hold, and nothing else. */
  expectedHeld(typing: boolean): string[] {
    const held = new Set(this.viewers.flatMap((viewer) => viewer.held()));
    if (typing) held.add(String(TYPIST_KEY));
    return [...held].sort();
  }
}
