import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ApplianceParts } from '../../server/appliance.js';
import { launchBrowser } from './browser.js';
import { ConsolePage, type PageOptions } from './console-page.js';
import { TestAppliance } from './test-appliance.js';

export interface UnitOptions {
  /** Further flags of the appliance. */
  args?: string[];
  /** Replace parts of the appliance. */
  parts?: Partial<ApplianceParts>;
  /** What else the tests need, made when the unit is there. */
  prepare?: () => Promise<void>;
}

/** An appliance that has its owner, and a browser: made before the tests of a file, closed after them. */
export class ClaimedUnit {
  #appliance: TestAppliance | undefined;
  #browser: Browser | undefined;

  /** For the file that calls it, once: Node runs several `before` of a file at the same time. */
  static forTests({ args = [], parts = {}, prepare }: UnitOptions = {}): ClaimedUnit {
    const unit = new ClaimedUnit();
    before(async () => {
      unit.#appliance = await TestAppliance.start(args, parts);
      unit.#browser = await launchBrowser();
      const owner = await ConsolePage.open(unit.browser, unit.appliance);
      await owner.claim(unit.appliance);
      await owner.waitForState('phase', 'live');
      await owner.close();
      await prepare?.();
    });
    after(async () => {
      await unit.#browser?.close();
      await unit.#appliance?.close();
    });
    return unit;
  }

  get appliance(): TestAppliance {
    if (!this.#appliance) throw new Error('the appliance has not been started yet');
    return this.#appliance;
  }

  get browser(): Browser {
    if (!this.#browser) throw new Error('the browser has not been started yet');
    return this.#browser;
  }

  /** A page on which the owner has signed in. */
  async open(search = '', options: PageOptions = {}): Promise<ConsolePage> {
    const viewer = await ConsolePage.open(this.browser, this.appliance, search, options);
    await viewer.login();
    return viewer;
  }

  /** The same at the target's console, with control and the focus on the picture. */
  async openConsole(search = '', options: PageOptions = {}): Promise<ConsolePage> {
    await this.appliance.target.bootTo('console');
    const viewer = await this.open(search, options);
    await viewer.ready();
    return viewer;
  }
}
