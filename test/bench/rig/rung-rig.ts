import { API } from '../../../server/protocol/api-paths.js';
import type { IceRequest } from '../../../server/protocol/ice-configuration.js';
import { apiCall } from '../../e2e/api-call.js';
import { OWNER } from '../../e2e/console-page.js';
import { launchBrowserAt } from '../../net/browser-at.js';
import { Coturn } from '../../net/coturn.js';
import { ADDRESSES, FORWARDED, Internet } from '../../net/internet.js';
import { mediaPath, watchPeers } from '../../net/media-path.js';
import { ConsoleRig, type LoadedPage } from './console-rig.js';
import type { Rung } from './rungs.js';

/**
 * An appliance at home and a Chromium at the office, with one rung between them. The process must be alone in its network, as
 * test/net/in-own-network makes it.
 */
export class RungRig {
  readonly console: ConsoleRig;
  readonly #rung: Rung;
  readonly #internet: Internet;
  readonly #coturn: Coturn | null;

  private constructor(console: ConsoleRig, rung: Rung, internet: Internet, coturn: Coturn | null) {
    this.console = console;
    this.#rung = rung;
    this.#internet = internet;
    this.#coturn = coturn;
  }

  static async start(rung: Rung, frameRate: number): Promise<RungRig> {
    const internet = await Internet.open();
    const coturn = rung.servers.length > 0 ? await Coturn.start(internet) : null;
    if (rung.mediaTcp) await internet.forwardMediaTcp();
    const { tcp, udp } = FORWARDED;
    const rig = await ConsoleRig.start(frameRate, {
      args: [
        ...['--listen', '0.0.0.0', '--port', String(tcp), '--extra-host', ADDRESSES.home],
        ...['--udp-ports', `${udp.first}-${udp.last}`],
      ],
      url: `https://${ADDRESSES.home}:${tcp}/`,
      launch: () => launchBrowserAt(internet.viewer),
      prepare: (page) => page.addInitScript(watchPeers),
    });
    const made = new RungRig(rig, rung, internet, coturn);
    await made.#leaveNothingElse();
    return made;
  }

  /** Loads the page; throws when its pictures come another way. */
  async load(): Promise<LoadedPage> {
    const { name, carrier, path } = this.#rung;
    const page = await this.console.load(carrier);
    const found = await mediaPath(page.viewer);
    for (const [field, wanted] of Object.entries(path)) {
      if (found && found[field as keyof typeof found] === wanted) continue;
      throw new Error(`${name}: the pictures come another way: ${JSON.stringify(found)}`);
    }
    return page;
  }

  async close(): Promise<void> {
    await this.console.close();
    await this.#coturn?.stop();
    this.#internet.close();
  }

  async #leaveNothingElse(): Promise<void> {
    const { servers, firewall } = this.#rung;
    if (servers.length > 0) {
      const { url } = this.console.appliance;
      const login = { ...OWNER, bearer: true };
      const { token } = await apiCall('POST', new URL(API.login, url).href, login);
      const secret = Coturn.secret;
      const ice: IceRequest = { urls: [...servers], username: null, secret, policy: 'relay' };
      await apiCall('PUT', new URL(API.ice, url).href, ice, token);
      await this.#internet.setFirewall('home', firewall);
    }
    await this.#internet.setFirewall('office', firewall);
  }
}
