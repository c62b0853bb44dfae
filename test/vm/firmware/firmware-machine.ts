import { readFileSync } from 'node:fs';
import { until } from '../../e2e/until.js';
import { GadgetRig } from '../hid/gadget-rig.js';
import { MachineControl } from './machine-control.js';
import { RedirectedGadget } from './redirected-gadget.js';
import { keysOf, usageOf } from './us-keys.js';
import { virtioPort } from './virtio-port.js';

/** Files of the machine, as it and as we name them. */
const JOB = '/run/job';
/** From switching on; the computer begins to start meanwhile. */
const ARRIVAL_DEADLINE_MS = 60_000;
/** Text mode 3 of a VGA card: 25 lines of 80 cells, each a character and its colours. */
const TEXT_MEMORY = { at: 0xb8000, bytes: 80 * 25 * 2 };

/** One of the machines of outside.ts, with our gadget plugged into it. */
export class FirmwareMachine {
  readonly rig = new GadgetRig();
  readonly #name: string;
  #control: MachineControl | null = null;
  #gadget: RedirectedGadget | null = null;

  constructor(name: 'bios' | 'uefi') {
    this.#name = name;
  }

  /** Switches the machine on, plugs the gadget in and resets it. Once for each machine. */
  async start(): Promise<void> {
    await this.rig.plugIn();
    this.#control = await MachineControl.open(virtioPort(`${this.#name}-control`));
    this.#gadget = await RedirectedGadget.open(virtioPort(`${this.#name}-usb`));
    // A machine that is off does not take it.
    await this.#execute('cont');
    const attached = { path: '/machine/peripheral/keyboard', property: 'attached' };
    await until(
      'the gadget to arrive',
      () => this.#execute('qom-get', attached),
      () => '',
      ARRIVAL_DEADLINE_MS,
    );
    await this.reset();
  }

  /** Presses its reset button. The gadget stays plugged in. */
  async reset(): Promise<void> {
    await this.#execute('system_reset');
  }

  /** As QEMU calls it: running, shutdown. */
  async status(): Promise<string> {
    const answer = (await this.#execute('query-status')) as { status: string };
    return answer.status;
  }

  /** A key by its name as browsers have it. */
  tap(code: string): void {
    this.rig.tap(usageOf(code));
  }

  /** On a US keyboard. */
  type(text: string): void {
    for (const character of text) {
      const keys = keysOf(character);
      this.rig.press(...keys);
      this.rig.release(...keys.reverse());
    }
  }

  /** The lines of a screen in text mode, from the memory of the graphics card. */
  async textScreen(): Promise<string[]> {
    const file = `${this.#name}-text`;
    const { at, bytes } = TEXT_MEMORY;
    await this.#execute('pmemsave', { val: at, size: bytes, filename: file });
    const cells = readFileSync(`${JOB}/${file}`);
    const characters = Buffer.from(cells.filter((_, index) => index % 2 === 0)).toString('latin1');
    const lines = characters.replaceAll('\0', ' ').match(/.{80}/gs) ?? [];
    return lines.map((line) => line.trimEnd());
  }

  /** A picture of the screen, in the PPM format. */
  async picture(): Promise<Buffer> {
    const file = `${this.#name}-screen.ppm`;
    await this.#execute('screendump', { filename: file });
    return readFileSync(`${JOB}/${file}`);
  }

  /** What it has written to its serial port since it was switched on. */
  serial(): string {
    return readFileSync(`${JOB}/${this.#name}-serial.log`, 'latin1');
  }

  /** Stops the machine and unplugs the gadget, as far as it has come. */
  async close(): Promise<void> {
    try {
      await this.#control?.execute('stop');
    } finally {
      await this.#control?.close();
      await this.#gadget?.close();
      await this.rig.close();
    }
  }

  async #execute(command: string, args?: Record<string, unknown>): Promise<unknown> {
    if (!this.#control) throw new Error('the machine has not been started');
    return this.#control.execute(command, args);
  }
}
