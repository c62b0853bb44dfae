import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { Coturn } from './coturn.js';
import { ADDRESSES } from './internet.js';
import { RemoteUnit } from './remote-unit.js';

const NOBODY = 'turn:203.0.113.99:3478?transport=udp';

let coturn: Coturn;
const unit = RemoteUnit.forTests({
  prepare: async (internet) => {
    coturn = await Coturn.start(internet);
  },
});
let viewer: ConsolePage | undefined;

after(() => coturn?.stop());

afterEach(async () => {
  await viewer?.close();
  viewer = undefined;
});

test('with relays only, the viewer is told no address but that of the relay', async () => {
  await unit.setIceServers([Coturn.urls.udp], { policy: 'relay' });
  viewer = await unit.openConsole('?transport=ws');
  const answer = viewer.page.waitForResponse(/\/api\/whep\?/);
  await viewer.page.goto(`${unit.url}?transport=webrtc`);
  const sdp = await (await answer).text();
  const candidates = sdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
  assert.ok(candidates.length > 0, sdp);
  for (const candidate of candidates) {
    assert.match(candidate, new RegExp(` ${ADDRESSES.host} \\d+ typ relay raddr 0\\.0\\.0\\.0 `));
  }
  assert.doesNotMatch(sdp, new RegExp(` (${ADDRESSES.appliance}|${ADDRESSES.home}) `));
});

for (const { fault, url, secret, words } of [
  { fault: 'a wrong login', url: Coturn.urls.udp, secret: 'wrong', words: /not accept the login/ },
  { fault: 'a server that is not there', url: NOBODY, secret: 'any', words: /does not answer/ },
]) {
  test(`${fault} is named in the log and on the page, which works all the same`, async () => {
    const { log } = unit.appliance;
    const before = log.length;
    await unit.setIceServers([url], { policy: 'relay', secret });
    await until(
      'the fault in the log',
      () => log.slice(before).find((entry) => words.test(JSON.stringify(entry))),
      () => JSON.stringify(log.slice(before)),
    );
    viewer = await unit.openConsole();
    const page = viewer;
    const problems = async () => (await page.state<StateMessage>('remote')).iceProblems ?? [];
    await until(
      'the fault on the page',
      async () => (await problems()).some((each) => words.test(each)),
      problems,
    );
    assert.equal(await page.state('transport'), 'websocket');
  });
}
