import type { Browser } from 'playwright-core';
import { launchSleepyBrowser } from '../../e2e/browser.js';
import { ConsolePage } from '../../e2e/console-page.js';
import { SIGNAL } from '../video/vivid.js';
import { Machine } from './machine.js';

/**
 * A static picture of 640x480: the encoder in the machine codes without loss, and everything in there is slow. The menus
 * of test_pattern and dv_timings are in the kernel's Documentation/admin-guide/media/vivid.rst.
 */
export const STATIC_SOURCE = {
  dv_timings_signal_mode: SIGNAL.selected,
  dv_timings: 0,
  osd_text_mode: 2,
  test_pattern: 0,
};

/** Small: a browser without a graphics card draws each of its pixels in software. */
const OPTIONS = { viewport: { width: 1000, height: 700 } };

/** Under emulation the encryption of a carrier alone takes seconds to begin; on a busy computer it takes several attempts. */
const FIRST_PICTURE_DEADLINE_MS = 90_000;

/** The appliance on the machine's devices, claimed, and a browser on this computer. */
export class Board {
  readonly machine: Machine;
  readonly laptop: Awaited<ReturnType<typeof launchSleepyBrowser>>;

  private constructor(machine: Machine, laptop: Board['laptop']) {
    this.machine = machine;
    this.laptop = laptop;
  }

  /** Starts both; an appliance that runs already with these options is taken over. Few pictures: the machine is slow. */
  static async start(options: { encoder: 'auto' | 'software' }): Promise<Board> {
    const machine = await Machine.connect();
    await machine.call('source', STATIC_SOURCE);
    const own = ['--frame-rate', '5', '--log-level', 'debug', '--state-dir', '/run/mykvm'];
    const { claimCode } = await machine.call('start', [...own, '--encoder', options.encoder]);
    const board = new Board(machine, await launchSleepyBrowser());
    if (claimCode) await board.#claim(claimCode);
    return board;
  }

  /** Signs in, has control and sees a picture. */
  async view(search: string): Promise<ConsolePage> {
    const viewer = await ConsolePage.open(this.#browser, this.machine, search, OPTIONS);
    try {
      await viewer.login();
      await viewer.ready(FIRST_PICTURE_DEADLINE_MS);
    } catch (error) {
      // Else the next one waits for control.
      await viewer.close();
      throw error;
    }
    return viewer;
  }

  async close(): Promise<void> {
    await this.laptop.close();
    this.machine.close();
  }

  async #claim(claimCode: string): Promise<void> {
    const owner = await ConsolePage.open(this.#browser, this.machine, '?transport=ws', OPTIONS);
    await owner.claim({ claimCode });
    await owner.waitForState('phase', 'live');
    await owner.close();
  }

  get #browser(): Browser {
    return this.laptop.browser;
  }
}
