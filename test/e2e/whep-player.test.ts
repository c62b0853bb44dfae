import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { apiCall } from './api-call.js';
import { ClaimedUnit } from './claimed-unit.js';
import { OWNER } from './console-page.js';
import { until } from './until.js';

let token: string;
let page: Page;

const unit = ClaimedUnit.forTests({
  prepare: async () => {
    const login = `${unit.appliance.url}api/login`;
    ({ token } = await apiCall('POST', login, { ...OWNER, bearer: true }));
    page = await (await unit.browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    // Any document of this origin will do: the player below is not the product's page.
    await page.goto(`${unit.appliance.url}icon.svg`);
  },
});

test('a standard WHEP player without our data channels, with a bearer token, watches', async () => {
  const reply = await page.evaluate(async (bearer) => {
    const peer = new RTCPeerConnection();
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addTransceiver('audio', { direction: 'recvonly' });
    await peer.setLocalDescription();
    const answer = await fetch('/api/whep', {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${bearer}` },
      body: peer.localDescription?.sdp ?? '',
    });
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    Object.assign(globalThis, { peer });
    return {
      status: answer.status,
      type: answer.headers.get('Content-Type'),
      location: answer.headers.get('Location'),
      etag: answer.headers.get('ETag'),
    };
  }, token);
  assert.equal(reply.status, 201);
  assert.match(reply.type ?? '', /^application\/sdp/);
  assert.match(reply.location ?? '', /api\/whep\/./);
  assert.match(reply.etag ?? '', /^"/);
  await until('decoded pictures', () =>
    page.evaluate(async () => {
      const { peer } = globalThis as unknown as { peer: RTCPeerConnection };
      for (const report of (await peer.getStats()).values()) {
        if (report.type === 'inbound-rtp' && report.kind === 'video')
          return report.framesDecoded > 5;
      }
      return false;
    }),
  );
  const removed = await page.evaluate(
    async ([where, bearer]) =>
      (await fetch(where, { method: 'DELETE', headers: { Authorization: `Bearer ${bearer}` } }))
        .status,
    [reply.location ?? '', token] as const,
  );
  assert.equal(removed, 200);
  await until('the end of its session', () =>
    unit.appliance.log.some(({ message }) => message === 'session closed'),
  );
});
