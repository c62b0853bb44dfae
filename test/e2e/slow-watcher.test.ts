import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { TcpRelay } from '../net/relay.js';
import { ClaimedUnit } from './claimed-unit.js';
import { ConsolePage } from './console-page.js';
import { until } from './until.js';

/** Two browsers: who has control has a free path, who watches one that carries much less than the moving desktop needs. */
const SLOW_BPS = 100_000;
const NOTICE = /Your network is slow: a picture every 2 s/;

let driver: ConsolePage;
let watcher: ConsolePage;
let relay: TcpRelay;

const unit = ClaimedUnit.forTests({
  // Without adaptation to the driver's path, which a busy machine makes slow, too.
  args: ['--bitrate-fixed'],
  prepare: async () => {
    driver = await unit.openConsole('?transport=ws');
    relay = await TcpRelay.open(unit.appliance.url);
    watcher = await ConsolePage.open(unit.browser, { url: relay.url }, '?transport=ws');
    await watcher.login();
    await watcher.waitForState('hasPicture', true);
    await unit.appliance.target.bootTo('desktop');
  },
});

after(() => relay?.close());

const drawn = async (page: ConsolePage) =>
  (await page.state<{ framesTotal: number }>('metrics')).framesTotal;

const remote = (page: ConsolePage) => page.state<StateMessage>('remote');

async function thin(page: ConsolePage): Promise<boolean> {
  const { viewers } = await remote(page);
  const self = await page.state('viewerId');
  return viewers.some((viewer) => viewer.id === self && viewer.thin === true);
}

const explain = async () =>
  JSON.stringify({
    driver: await drawn(driver),
    watcher: await drawn(watcher),
    bitrateBps: (await remote(driver)).video.bitrateBps,
    waitMs: relay.down.waitMs(performance.now()),
  });

test('the slow watcher is thinned and told why; who has control gets every picture and is not bothered', async () => {
  assert.deepEqual(
    [await driver.state('inControl'), await watcher.state('inControl')],
    [true, false],
  );
  Object.assign(relay.down.shape, { bitsPerSecond: SLOW_BPS, delayMs: 10, queueMs: 1000 });
  await until('the watcher is thinned', () => thin(watcher), explain, 60_000);
  await watcher.page.getByText(NOTICE).first().waitFor();
  assert.equal(await driver.page.getByText(NOTICE).count(), 0);
  assert.equal(await thin(driver), false);
});

test('meanwhile it sees a picture now and then, the other one many more', async () => {
  const from = { watcher: await drawn(watcher), driver: await drawn(driver) };
  await until(
    'two pictures for the watcher, and twenty more for the driver',
    async () => {
      const seen = (await drawn(watcher)) - from.watcher;
      return seen >= 2 && (await drawn(driver)) - from.driver >= seen + 20;
    },
    explain,
    60_000,
  );
  assert.equal(await driver.state('inControl'), true);
  assert.equal(await watcher.state('phase'), 'live');
});

test('on a free path it gets all pictures again, and the notice goes', async () => {
  relay.down.shape.bitsPerSecond = Number.POSITIVE_INFINITY;
  await until('all pictures', async () => !(await thin(watcher)), explain, 120_000);
  await watcher.page.getByText(NOTICE).first().waitFor({ state: 'detached', timeout: 60_000 });
  const from = await drawn(watcher);
  await until('a picture', async () => (await drawn(watcher)) > from, explain, 60_000);
});
