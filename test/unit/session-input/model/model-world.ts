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
    this.controller = new HidController(this.host, { nowMs: () => this.clock.nowMs() });
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
    this.host.target.onKeys = (keys) => {
      if (!keys.has(TYPIST_KEY)) throw new Error('a key of another source was released');
    };
  }

  stopTypist(): void {
    this.host.target.onKeys = null;
    this.sink.key(this.#typist, TYPIST_KEY, false);
  }

  /** One action of a run; `code` decides which one and with what. */
  act(code: number): void {
    const viewer = this.viewers[code & 1] as ModelViewer;
    const detail = code >>> 8;
    this.clock.advance((code >>> 1) & 7);
    switch ((code >>> 4) & 15) {
      case 0:
      case 1:
      case 2:
        viewer.sender.key(USAGES[detail % USAGES.length] as KeyUsage, true);
        break;
      case 3:
        viewer.sender.key(USAGES[detail % USAGES.length] as KeyUsage, false);
        break;
      case 4:
        viewer.sender.button((detail % 5) as MouseButton, (detail & 32) === 0);
        break;
      case 5:
        viewer.sender.moveTo(detail & 0x7fff, (detail * 7) & 0x7fff);
        break;
      case 6:
        viewer.sender.moveBy((detail % 401) - 200, (detail % 301) - 150);
        viewer.sender.scroll((detail % 5) - 2, (detail % 3) - 1);
        break;
      case 7:
        viewer.sender.releaseAll();
        break;
      case 8:
        viewer.connect();
        break;
      case 9:
        viewer.crash(detail % 2000, detail & 1 ? detail % 5000 : null);
        break;
      case 10:
        this.takeOver(viewer, (detail & 1) === 0);
        break;
      case 11:
        this.host.stall();
        break;
      case 12:
        this.host.leave((['detached', 'suspended', 'unseen'] as const)[detail % 3] ?? 'detached');
        break;
      case 13:
        this.host.comeBack();
        break;
      case 14:
        this.clock.advance(detail % 50);
        break;
      case 15:
        this.clock.advance(detail % 1500);
        break;
    }
  }

  /** Control may be shared one day: then both hold keys at once, and neither may release the other's. */
  takeOver(viewer: ModelViewer, alone: boolean): void {
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
