import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../e2e/until.js';
import { faultyDriver } from './faulty-driver.js';
import { resetVivid, setControls, setMode } from './vivid.js';

const program = (name: string) => fileURLToPath(new URL(`${name}-process.js`, import.meta.url));

/** Times that the input is looked at: twice a second at most. */
const LOOKS = 24;
/** At 0, 0.5, 1.5, 3.5, 7.5 and 12.5 s; more where a look takes longer. */
const MOST_TRIES = 16;
const refused = (mode: string) =>
  `the capture device /dev/video0 sees ${mode} at 60 Hz but does not stream it: more than its lanes carry, if it is a bridge on a camera port`;
const DEADLINE_MS = 120_000;

beforeEach(resetVivid);

test('timings that cannot be streamed are tried again ever more rarely, those of another mode anew, and each is named once', async (t) => {
  const child = spawn(process.execPath, [program('refused')], {
    env: faultyDriver('no-stream'),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface(child.stderr).on('line', (line) => lines.push(line));
  const count = (what: string) => lines.filter((line) => line === what).length;
  const wait = (what: string, ask: () => boolean) =>
    until(what, ask, () => lines.join(' '), DEADLINE_MS);
  await wait(`${LOOKS} looks`, () => count('look') >= LOOKS);
  assert.ok(count('told') === 1 && count('try') >= 3, lines.join(' '));
  assert.ok(count('try') <= MOST_TRIES, lines.join(' '));
  await wait('the sentence for the log', () => count(refused('640x480')) > 0);
  setMode('1280x720');
  await wait('a try of the new mode', () => count(refused('1280x720')) > 0);
  assert.equal(count(refused('640x480')), 1);
});

test('a picture counter that stands still or goes back counts no pictures as missed', () => {
  setControls({ osd_text_mode: 0 });
  const env = faultyDriver('odd-sequence');
  const text = execFileSync(process.execPath, [program('counts')], { env, encoding: 'utf8' });
  const { taken, missed } = JSON.parse(text) as { taken: number; missed: number };
  assert.equal(missed, 3 * Math.floor((taken - 1) / 5), text);
});
