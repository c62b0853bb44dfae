import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../e2e/until.js';
import type { ConsoleRig, LoadedPage } from '../rig/console-rig.js';

/** What happens on the target's screen while pictures are timed. */
export interface Workload {
  readonly name: 'typing' | 'scrolling' | 'moving';
  /** Brings the target there; a page is live. */
  prepare(rig: ConsoleRig, page: LoadedPage): Promise<void>;
  /** Goes on for that long. */
  run(page: LoadedPage, seconds: number): Promise<void>;
}

const KEYS = 'the quick brown fox jumps over the lazy dog and types on ';
const KEY_DOWN_MS = 40;
const KEY_UP_MS = 60;

const wait = (_page: LoadedPage, seconds: number): Promise<void> => pause(seconds * 1000);

/** The three kinds of pictures of the issue: a few changed pixels, a whole changed text, a window that moves. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'typing',
    prepare: (rig) => rig.appliance.target.bootTo('console'),
    run: async ({ viewer }, seconds) => {
      const endMs = performance.now() + seconds * 1000;
      for (let key = 0; performance.now() < endMs; key++) {
        const character = KEYS[key % KEYS.length] ?? ' ';
        await viewer.page.keyboard.down(character);
        await pause(KEY_DOWN_MS);
        await viewer.page.keyboard.up(character);
        await pause(KEY_UP_MS);
      }
    },
  },
  {
    name: 'scrolling',
    prepare: async (rig, { viewer }) => {
      const { target } = rig.appliance;
      await target.bootTo('console');
      const framesBefore = await target.frames();
      await viewer.page.keyboard.type('scroll 99999');
      await viewer.page.keyboard.press('Enter');
      await until('lines that scroll', async () => (await target.frames()) > framesBefore + 60);
    },
    run: wait,
  },
  {
    name: 'moving',
    prepare: (rig) => rig.appliance.target.bootTo('desktop'),
    run: wait,
  },
];
