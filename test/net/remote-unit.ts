import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ApplianceParts } from '../../server/appliance.js';
import type { IceRequest } from '../../server/protocol/ice-configuration.js';
import { apiCall } from '../e2e/api-call.js';
import { ConsolePage, OWNER, type PageOptions } from '../e2e/console-page.js';
import { TestAppliance } from '../e2e/test-appliance.js';
import { launchBrowserAt } from './browser-at.js';
import { Coturn } from './coturn.js';
import { ADDRESSES, FORWARDED, Internet } from './internet.js';
import { watchPeers } from './media-path.js';

export interface RemoteUnitOptions {
  /** Further flags of the appliance. */
  args?: readonly string[];
  parts?: Partial<ApplianceParts>;
  /** What must be there before the appliance starts, such as a TURN server. */
  prepare?: (internet: Internet) => Promise<void>;
}

/** An appliance at home that has its owner, and a browser at the office: for the tests of one file. */
export class RemoteUnit {
  #internet: Internet | undefined;
  #appliance: TestAppliance | undefined;
  #browser: Browser | undefined;

  /** For the file that calls it, once. */
  static forTests({ args = [], parts = {}, prepare }: RemoteUnitOptions = {}): RemoteUnit {
    const unit = new RemoteUnit();
    before(async () => {
      unit.#internet = await Internet.open();
      await prepare?.(unit.internet);
      const { tcp, udp } = FORWARDED;
      const listen = ['--listen', '0.0.0.0', '--port', String(tcp)];
      const reach = ['--extra-host', ADDRESSES.home, '--udp-ports', `${udp.first}-${udp.last}`];
      unit.#appliance = await TestAppliance.start([...listen, ...reach, ...args], parts);
      unit.#browser = await launchBrowserAt(unit.internet.viewer);
      const owner = await ConsolePage.open(unit.#browser, unit);
      await owner.claim(unit.appliance);
      await owner.waitForState('hasPicture', true);
      await owner.close();
    });
    after(async () => {
      await unit.#browser?.close();
      await unit.#appliance?.close();
      unit.#internet?.close();
    });
    return unit;
  }

  /** As the viewer sees it: the address of the home's router. */
  readonly url = `https://${ADDRESSES.home}:${FORWARDED.tcp}/`;

  get internet(): Internet {
    if (!this.#internet) throw new Error('the internet has not been made yet');
    return this.#internet;
  }

  get appliance(): TestAppliance {
    if (!this.#appliance) throw new Error('the appliance has not been started yet');
    return this.#appliance;
  }

  /** At the viewer's. */
  get browser(): Browser {
    if (!this.#browser) throw new Error('the browser has not been started yet');
    return this.#browser;
  }

  /** Of the owner, for the API. */
  async token(): Promise<string> {
    const login = `${this.appliance.url}api/login`;
    return (await apiCall('POST', login, { ...OWNER, bearer: true })).token;
  }

  /** Tells the appliance its STUN and TURN servers, as the owner does on the page. */
  async setIceServers(urls: readonly string[], more: Partial<IceRequest> = {}): Promise<void> {
    const secret = urls.length > 0 ? Coturn.secret : null;
    const request: IceRequest = { urls: [...urls], username: null, secret, policy: 'all', ...more };
    await apiCall('PUT', `${this.appliance.url}api/ice`, request, await this.token());
  }

  /** At the target's console, with control and the focus on the picture. */
  async openConsole(search = '', options: PageOptions = {}): Promise<ConsolePage> {
    await this.appliance.target.bootTo('console');
    const scripts = [...(options.scripts ?? []), watchPeers];
    const viewer = await ConsolePage.open(this.browser, this, search, { ...options, scripts });
    await viewer.login();
    await viewer.ready();
    return viewer;
  }
}
