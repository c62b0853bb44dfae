/**
 * The process that measures one rung, alone in its network: `rung-process.js RUNG RUNS SECONDS`. Writes a line of JSON per run
 * and figure, as rung-messages.ts has it.
 */
import { readyToPicture } from '../measure/first-picture.js';
import { collect } from '../measure/glass-to-glass.js';
import { WORKLOADS } from '../measure/workloads.js';
import { quantile } from '../quantiles.js';
import type { RungFigure } from './rung-messages.js';
import { RungRig } from './rung-rig.js';
import { RUNGS } from './rungs.js';

const FRAME_RATE = 60;
const SETTLE_S = 1;
const ECHO_GAP_MS = 15;
const ECHOES_PER_SECOND = 40;

const [name = '', runs = '', seconds = ''] = process.argv.slice(2);
const rung = RUNGS.find((each) => each.name === name);
const moving = WORKLOADS.find((each) => each.name === 'moving');
if (!rung || !moving) throw new Error(`there is no rung ${name}`);

const rig = await RungRig.start(rung, FRAME_RATE);
await moving.prepare(rig.console, await rig.load());
for (let run = 0; run < Number(runs); run++) {
  const page = await rig.load();
  say('first_picture', await readyToPicture(page));
  await moving.run(page, SETTLE_S);
  await collect(rig.console, page);
  await moving.run(page, Number(seconds));
  const pictures = await collect(rig.console, page);
  const shownMs = pictures.map(({ shownUs, picture }) => (shownUs - picture.timestampUs) / 1000);
  sayQuantiles('glass_to_glass', shownMs);
  const trips = await page.viewer.page.evaluate(
    ([lane, count, gapMs]) => globalThis.kvmProbe.echo(lane, count, gapMs),
    [
      rung.carrier === 'websocket' ? 'socket' : 'kvm.fast',
      Math.ceil(Number(seconds) * ECHOES_PER_SECOND),
      ECHO_GAP_MS,
    ] as const,
  );
  sayQuantiles('input_round_trip', trips);
}
await rig.close();
process.exit(0);

function sayQuantiles(figure: string, values: readonly number[]): void {
  for (const percent of [50, 95, 99]) say(`${figure}.p${percent}`, quantile(values, percent / 100));
}

function say(figure: string, value: number): void {
  const line: RungFigure = { figure, value };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
