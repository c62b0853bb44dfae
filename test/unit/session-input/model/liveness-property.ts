import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MouseButton } from '../../../../server/protocol/key-usage.js';
import type { LinkFaults } from './model-link.js';
import { ModelWorld, type SinkOf } from './model-world.js';
import { Random } from './random.js';
import { RecordingSink } from './recording-sink.js';

/** How much one run types. */
export interface Workload {
  characters: number;
  clicks: number;
}

const SHIFT = 0xe1;
const FIRST_LETTER = 0x04;
const LETTERS_AND_DIGITS = 36;
const CONTROL = 0xe0;

/** What the viewer did, in the words of the target's logs. */
class Script {
  readonly keys: string[] = [];
  readonly buttons: string[] = [];
  wheel = 0;
  /** Everything in one order, as the recording sink writes it. */
  readonly all: string[] = [];
  readonly #world: ModelWorld;
  readonly #random: Random;

  constructor(world: ModelWorld, seed: number) {
    this.#world = world;
    this.#random = new Random(seed);
  }

  key(usage: number, down: boolean): void {
    this.#world.viewers[0].sender.key(usage, down);
    this.keys.push(`${usage} ${down ? 'down' : 'up'}`);
    this.all.push(`key ${this.keys.at(-1)}`);
    this.wait(30);
  }

  moveTo(x: number, y: number): void {
    this.#world.viewers[0].sender.moveTo(x, y);
    this.all.push(`move ${x},${y}`);
  }

  button(button: MouseButton, down: boolean, x: number, y: number): void {
    this.#world.viewers[0].sender.button(button, down);
    this.buttons.push(`${button} ${down ? 'down' : 'up'} ${x},${y}`);
    this.all.push(`button ${this.buttons.at(-1)}`);
    this.wait(20);
  }

  /** One character: some with Shift, some while the one before is still held. */
  character(): void {
    const usage = FIRST_LETTER + this.#random.below(LETTERS_AND_DIGITS);
    const shifted = this.#random.chance(0.2);
    if (shifted) this.key(SHIFT, true);
    this.key(usage, true);
    if (this.#random.chance(0.2)) {
      const next = FIRST_LETTER + ((usage - FIRST_LETTER + 1) % LETTERS_AND_DIGITS);
      this.key(next, true);
      this.key(usage, false);
      this.key(next, false);
    } else {
      this.key(usage, false);
    }
    if (shifted) this.key(SHIFT, false);
  }

  /** Goes somewhere else, clicks there at once and goes on before the click can have arrived. */
  click(): void {
    const place = () => this.#random.below(32_768);
    for (let steps = this.#random.below(4); steps > 0; steps -= 1) {
      this.moveTo(place(), place());
      this.wait(9);
    }
    const x = place();
    const y = place();
    const button = this.#random.below(5) as MouseButton;
    this.moveTo(x, y);
    this.button(button, true, x, y);
    // Half of the clicks are drags.
    const drags = this.#random.chance(0.5);
    const endX = drags ? place() : x;
    const endY = drags ? place() : y;
    this.moveTo(endX, endY);
    this.wait(20);
    this.button(button, false, endX, endY);
    this.moveTo(place(), place());
    this.wait(30);
  }

  /** Turns the wheel with Control held: the target must see the one while the other lasts. */
  zoom(): void {
    this.key(CONTROL, true);
    const detents = 1 + this.#random.below(3);
    this.#world.viewers[0].sender.scroll(detents, 0);
    this.wheel += detents;
    this.all.push(`wheel ${detents}`);
    this.key(CONTROL, false);
  }

  wait(upToMs: number): void {
    this.#world.clock.advance(5 + this.#random.below(upToMs));
  }
}

/**
 * With any loss that the reliable lane repairs, and over any number of carriers, everything typed and clicked arrives complete and in order, each
 * click at its own place, and the pointer ends where the viewer left it.
 */
export function livenessProperty(
  workload: Workload,
  sinkOf: SinkOf = (controller) => controller,
): fc.IProperty<[number, LinkFaults]> {
  const faults = fc.record({
    loss: fc.double({ min: 0, max: 0.6, noNaN: true }),
    duplicates: fc.double({ min: 0, max: 0.5, noNaN: true }),
    jitterMs: fc.integer({ min: 1, max: 80 }),
    stallMs: fc.integer({ min: 0, max: 1500 }),
  });
  return fc.property(fc.nat(), faults, (seed, link) => {
    const recorders: RecordingSink[] = [];
    const world = new ModelWorld(seed, link, (controller) => {
      const recorder = new RecordingSink(sinkOf(controller));
      recorders.push(recorder);
      return recorder;
    });
    const viewer = world.viewers[0];
    viewer.setControl(true);
    viewer.connect();
    world.clock.advance(link.stallMs + 10);
    assert.ok(viewer.sender.active);
    const script = new Script(world, seed);
    const { characters, clicks } = workload;
    const random = new Random(seed + 1);
    for (let typed = 0, clicked = 0; typed < characters || clicked < clicks; ) {
      const left = characters - typed + clicks - clicked;
      if (random.next() * left < clicks - clicked) {
        script.click();
        clicked += 1;
      } else {
        script.character();
        typed += 1;
      }
      if (random.chance(0.02)) script.zoom();
      // To another carrier, every second time because the old one has died.
      if (random.chance(0.03)) viewer.move(random.chance(0.5));
    }
    const last = { x: random.below(32_768), y: random.below(32_768) };
    script.moveTo(last.x, last.y);
    world.settle();
    const { target } = world.host;
    assert.deepEqual(target.keyLog, script.keys);
    assert.deepEqual(target.buttonLog, script.buttons);
    assert.equal(target.wheel, script.wheel);
    assert.deepEqual({ x: target.x, y: target.y }, last);
    assert.deepEqual(target.held(), []);
    assertOrder(recorders[0]?.log ?? [], script.all);
  });
}

/** All that was done happened in its order; only places that the pointer passed may be left out. */
function assertOrder(happened: readonly string[], done: readonly string[]): void {
  let next = 0;
  for (const event of done) {
    if (event === happened[next]) next += 1;
    else assert.match(event, /^move /, `${event} came late, instead of it ${happened[next]}`);
  }
  assert.equal(next, happened.length);
}
