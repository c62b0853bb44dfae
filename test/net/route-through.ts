import type { Page } from 'playwright-core';
import type { UdpRelay } from './relay.js';

/** Leads the page's WebRTC through the relay: the answer, and also those to ICE restarts, which a busy computer may cause. */
export async function routeThrough(page: Page, relay: UdpRelay): Promise<void> {
  await page.route(/\/api\/whep[/?]/, async (route) => {
    const reply = await route.fetch();
    const text = await reply.text();
    const leads = /^a=candidate:/m.test(text);
    await route.fulfill({ response: reply, ...(leads && { body: relay.route(text) }) });
  });
}
