import type { Browser, Page } from 'playwright-core';
import { monotonicUs } from '../../../native/index.js';
import { createPeerFactory, type PeerFactory } from '../../../server/webrtc/peer-factory.js';
import { launchBrowser } from '../../e2e/browser.js';
import { ConsolePage } from '../../e2e/console-page.js';
import { TestAppliance } from '../../e2e/test-appliance.js';
import { until } from '../../e2e/until.js';
import { bundleProbe } from '../page/bundle-probe.js';
import type { KeySample, PageProbe, ShownSample } from '../page/page-probe.js';
import { createReferencePeers } from './create-reference-peers.js';
import { pageOriginUs } from './page-clock.js';
import { PictureTap } from './picture-tap.js';
import type { Subject } from './subject.js';

/** One load of the page, live on one carrier. */
export interface LoadedPage {
  readonly viewer: ConsolePage;
  /** CLOCK_MONOTONIC in µs at performance.now() = 0. */
  readonly originUs: number;
}

/** Where the appliance and the browser are, other than on loopback with nothing between them. */
export interface RigPlace {
  /** Further flags of the appliance. */
  readonly args?: readonly string[];
  /** Of the page as the browser reaches it; that of the appliance by default. */
  readonly url?: string;
  readonly launch?: () => Promise<Browser>;
  /** Sees the page before it is first loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** An appliance in this process, and a Chromium that shows its page on the carrier of choice. */
export class ConsoleRig {
  readonly appliance: TestAppliance;
  readonly tap: PictureTap;
  /** When each HID report went to the target, µs. */
  readonly reportTimesUs: number[];
  /** When the target was told that no key is held any more, µs. */
  readonly releaseTimesUs: number[];
  readonly #url: string;
  readonly #browser: Browser;
  readonly #choose: (subject: Subject) => void;
  #viewer: ConsolePage;

  private constructor(parts: {
    appliance: TestAppliance;
    url: string;
    tap: PictureTap;
    reportTimesUs: number[];
    releaseTimesUs: number[];
    browser: Browser;
    choose: (subject: Subject) => void;
    viewer: ConsolePage;
  }) {
    this.appliance = parts.appliance;
    this.#url = parts.url;
    this.tap = parts.tap;
    this.reportTimesUs = parts.reportTimesUs;
    this.releaseTimesUs = parts.releaseTimesUs;
    this.#browser = parts.browser;
    this.#choose = parts.choose;
    this.#viewer = parts.viewer;
  }

  /** Starts everything; the unit is claimed and a page is open. */
  static async start(frameRate: number, place: RigPlace = {}): Promise<ConsoleRig> {
    const tap = new PictureTap();
    const reportTimesUs: number[] = [];
    const releaseTimesUs: number[] = [];
    let held = false;
    let subject: Subject = 'webrtc';
    const args = ['--frame-rate', String(frameRate), ...(place.args ?? [])];
    const appliance = await TestAppliance.start(args, {
      createPipeline: tap.createPipeline,
      createPeerFactory: (options) =>
        switched(createPeerFactory(options), createReferencePeers(), () => subject),
    });
    const { hid } = appliance.target;
    const write = hid.write.bind(hid);
    hid.write = (fn, report) => {
      reportTimesUs.push(monotonicUs());
      if (fn === 'keyboard') {
        const holds = report.some((byte) => byte !== 0);
        if (held && !holds) releaseTimesUs.push(monotonicUs());
        held = holds;
      }
      return write(fn, report);
    };
    const browser = await (place.launch ?? launchBrowser)();
    const url = place.url ?? appliance.url;
    const viewer = await ConsolePage.open(browser, { url });
    await viewer.page.addInitScript({ content: await bundleProbe() });
    await place.prepare?.(viewer.page);
    await viewer.claim(appliance);
    await viewer.waitForState('phase', 'live');
    const choose = (chosen: Subject) => {
      subject = chosen;
    };
    return new ConsoleRig({
      ...{ appliance, url, tap, reportTimesUs, releaseTimesUs, browser, choose, viewer },
    });
  }

  /** Loads the page anew on a carrier and waits until it shows pictures and has control. */
  async load(subject: Subject): Promise<LoadedPage> {
    this.#choose(subject);
    const viewer = this.#viewer;
    const transport = subject === 'websocket' ? 'ws' : 'webrtc';
    await viewer.page.goto(`${this.#url}?transport=${transport}`);
    await viewer.ready();
    await until('the chosen carrier', async () => {
      const found = await viewer.state('transport');
      return found === (subject === 'websocket' ? 'websocket' : 'webrtc');
    });
    return { viewer, originUs: await pageOriginUs(viewer.page) };
  }

  /** Leaves the page, so that nobody watches. */
  async leave(): Promise<void> {
    await this.#viewer.page.goto('about:blank');
    await until('the pipeline to rest', () => this.tap.running === 0);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.appliance.close();
  }
}

/** Both kinds of peers behind one factory. */
function switched(own: PeerFactory, reference: PeerFactory, subject: () => Subject): PeerFactory {
  return {
    preload: () => own.preload(),
    checkServers: () => own.checkServers(),
    get peerCount() {
      return own.peerCount + reference.peerCount;
    },
    answer: (sdp, owner) => (subject() === 'reference' ? reference : own).answer(sdp, owner),
    close: async () => {
      await Promise.all([own.close(), reference.close()]);
    },
  };
}

/** Takes what the probe has noted and starts it over. */
export function takeShown({ viewer }: LoadedPage): Promise<ShownSample[]> {
  return viewer.page.evaluate(() => globalThis.kvmProbe.shown.splice(0));
}

export function setProbe(
  { viewer }: LoadedPage,
  settings: Partial<Pick<PageProbe, 'readMarks' | 'readPatch'>>,
): Promise<void> {
  return viewer.page.evaluate((given) => void Object.assign(globalThis.kvmProbe, given), settings);
}

/** Runs `act`, which makes one key event, and returns the event and the picture that answers it. */
export async function timeKey(
  { viewer }: LoadedPage,
  act: () => Promise<void>,
): Promise<KeySample> {
  await viewer.page.evaluate(() => globalThis.kvmProbe.armKey());
  await act();
  return await viewer.page.evaluate(() => globalThis.kvmProbe.keyAnswer());
}
