import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { HidPort } from '../../server/hid/hid-port.js';
import { createSimulatedTarget } from '../../server/target/simulated/simulated-target.js';
import type { Target } from '../../server/target/target.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
});

/** A target that writes down what reaches its HID port, and when it was closed. */
function recorded(target: Target, events: string[]): Target {
  const port = target.hid;
  const hid: HidPort = {
    get state() {
      return port.state;
    },
    write: (fn, report) => {
      const result = port.write(fn, report);
      if (result === 'written') events.push(`${fn} ${Buffer.from(report).toString('hex')}`);
      return result;
    },
    listen: (listener) => port.listen(listener),
  };
  return {
    kind: target.kind,
    hid,
    get signal() {
      return target.signal;
    },
    videoSource: target.videoSource,
    onSignal: (listener) => target.onSignal(listener),
    setWatched: (watched) => target.setWatched(watched),
    close: () => {
      events.push('closed');
      return target.close();
    },
  };
}

for (const search of ['?transport=webrtc', '?transport=ws']) {
  test(`keys and buttons that a viewer holds go up before the target closes, ${search}`, async () => {
    const events: string[] = [];
    const appliance = await TestAppliance.start([], {
      createTarget: async (config, logger) =>
        recorded(await createSimulatedTarget({ ...config, recordLog: false, logger }), events),
    });
    try {
      const viewer = await ConsolePage.open(browser, appliance, search);
      await viewer.claim(appliance);
      await viewer.ready();
      await viewer.page.locator('kvm-picture').hover();
      await viewer.page.mouse.down();
      await viewer.page.keyboard.down('Control');
      await viewer.page.keyboard.down('q');
      await until('Control and q down', () => events.at(-1) === 'keyboard 0100140000000000');
      assert.match(events.findLast((event) => /mouse/.test(event)) ?? '', /^absolute-mouse 01/);
      await appliance.close();
      assert.equal(events.at(-1), 'closed');
      const last = (fn: RegExp) => events.findLast((event) => fn.test(event)) ?? '';
      assert.equal(last(/^keyboard/), 'keyboard 0000000000000000');
      assert.match(last(/^absolute-mouse/), /^absolute-mouse 00/);
      await viewer.close();
    } finally {
      await appliance.close();
    }
  });
}

test('the program ends by itself, in order, with viewers on both carriers and a key held', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'mykvm-shutdown-'));
  const flags = ['--target=simulated', '--listen=127.0.0.1', '--port=0', '--log-level=debug'];
  const child = spawn(process.execPath, [MAIN, ...flags, `--state-dir=${stateDir}`], {
    env: { PATH: process.env['PATH'] ?? '', HOME: stateDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    const found = (pattern: RegExp) => until(`${pattern}`, () => pattern.exec(output)?.[1]);
    const appliance = {
      url: await found(/ready: (\S+)\n/),
      claimCode: await found(/with the code (\S+)"/),
    };
    const driver = await ConsolePage.open(browser, appliance, '?transport=webrtc');
    await driver.claim(appliance);
    await driver.ready();
    const watcher = await ConsolePage.open(browser, appliance, '?transport=ws');
    await watcher.login();
    await watcher.waitForState('hasPicture', true);
    await driver.page.keyboard.down('q');
    child.kill('SIGTERM');
    // 70 when something had to be cut off at the deadline.
    assert.equal(await exit, 0, output);
    for (const viewer of [driver, watcher]) {
      await viewer.waitForState('phase', 'reconnecting');
      await viewer.close();
    }
  } finally {
    child.kill('SIGKILL');
    await exit;
    await rm(stateDir, { recursive: true, force: true });
  }
});
