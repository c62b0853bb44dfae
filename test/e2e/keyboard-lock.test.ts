import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';

let viewer: ConsolePage;
const unit = ClaimedUnit.forTests({
  prepare: async () => {
    viewer = await unit.openConsole();
  },
});

const isFull = () => viewer.page.evaluate(() => document.fullscreenElement !== null);

test('in full screen Escape, Meta and Alt+Tab are the target’s, and full screen stays', async () => {
  await viewer.page.getByRole('button', { name: 'Full screen' }).click();
  await until('full screen', isFull);
  await viewer.focus();
  const before = (await unit.appliance.keyReports()).length;
  const { keyboard } = viewer.page;
  await keyboard.press('Escape');
  await keyboard.press('Meta');
  await keyboard.press('Alt+Tab');
  for (let quick = 0; quick < 3; quick += 1) await keyboard.press('Escape');
  await keyboard.press('x');
  const nothing = '0000000000000000';
  const tap = ['0000290000000000', nothing];
  const expected = [
    ...tap,
    ...['0800000000000000', nothing],
    ...['0400000000000000', '04002b0000000000', '0400000000000000', nothing],
    ...[...tap, ...tap, ...tap],
    ...['00001b0000000000', nothing],
  ];
  const reports = async () => (await unit.appliance.keyReports()).slice(before);
  await until('all keys', async () => (await reports()).length >= expected.length, reports);
  assert.deepEqual(await reports(), expected);
  assert.equal(await isFull(), true);
  assert.equal(await viewer.state('phase'), 'live');
});

test('left, the keyboard is the browser’s again', async () => {
  await viewer.page.evaluate(() => document.exitFullscreen());
  await until('the window', async () => !(await isFull()));
  await viewer.page.getByRole('button', { name: 'Full screen' }).waitFor();
  assert.deepEqual(viewer.errors, []);
});
