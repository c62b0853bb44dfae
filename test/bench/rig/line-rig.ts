import type { Page } from 'playwright-core';
import type { LinkShape } from '../../net/link.js';
import { watchPeers } from '../../net/media-path.js';
import { UdpRelay } from '../../net/relay.js';
import { routeThrough } from '../../net/route-through.js';
import { ConsoleRig } from './console-rig.js';

/** What the browser counts of the pictures that came by WebRTC. */
export interface ReceivedPictures {
  decoded: number;
  /** Picture loss indications: requests for a keyframe. */
  keyframeRequests: number;
}

/** An appliance and a Chromium on WebRTC, with a line between them that has a speed, a length, a queue and losses. */
export class LineRig {
  readonly console: ConsoleRig;
  readonly relay: UdpRelay;

  private constructor(console: ConsoleRig, relay: UdpRelay) {
    this.console = console;
    this.relay = relay;
  }

  static async start(frameRate: number): Promise<LineRig> {
    const relay = await UdpRelay.open();
    const prepare = async (page: Page) => {
      await page.addInitScript(watchPeers);
      await routeThrough(page, relay);
    };
    return new LineRig(await ConsoleRig.start(frameRate, { prepare }), relay);
  }

  /** Of both directions; losses and delays are those of each. */
  shape(shape: Partial<LinkShape>): void {
    for (const link of [this.relay.down, this.relay.up]) Object.assign(link.shape, shape);
  }

  async close(): Promise<void> {
    await this.console.close();
    this.relay.close();
  }
}

/** What the browser says to have received so far. */
export function received(page: Page): Promise<ReceivedPictures> {
  return page.evaluate(async () => {
    const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] };
    for (const report of (await peers.at(-1)?.getStats())?.values() ?? []) {
      if (report.type !== 'inbound-rtp' || report.kind !== 'video') continue;
      return { decoded: report.framesDecoded, keyframeRequests: report.pliCount };
    }
    throw new Error('no pictures are received');
  });
}
