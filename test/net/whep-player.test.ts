import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { until } from '../e2e/until.js';
import { RemoteUnit } from './remote-unit.js';
import { WhepPlayer } from './whep-player.js';

const unit = RemoteUnit.forTests();
let player: WhepPlayer | undefined;

afterEach(() => player?.kill());

async function play(): Promise<WhepPlayer> {
  player = new WhepPlayer(unit.internet.viewer, `${unit.url}api/whep`, await unit.token());
  return player;
}

test('GStreamer, a WHEP player that is neither ours nor a browser, plays the stream from another network', async () => {
  const gstreamer = await play();
  await until(
    'decoded pictures',
    () => gstreamer.played.pictures > 5,
    () => gstreamer.explain(),
  );
  assert.equal(gstreamer.played.status, 201);
  assert.match(gstreamer.played.location ?? '', /api\/whep\/./);
  assert.equal(gstreamer.played.state, 'connected');
  // The simulated computer has just been switched on or shows its console, in one of these.
  const { width, height } = gstreamer.played;
  assert.match(`${width}x${height}`, /^(720x400|640x480|1280x720)$/);
});

test('it goes on through a change of the target’s mode', async () => {
  const gstreamer = await play();
  await until(
    'a picture',
    () => gstreamer.played.pictures > 0,
    () => gstreamer.explain(),
  );
  await unit.appliance.target.bootTo('console');
  await until(
    'the console',
    () => gstreamer.played.width === 1280,
    () => gstreamer.explain(),
  );
});

test('its DELETE ends its session at once', async () => {
  const gstreamer = await play();
  await until(
    'a picture',
    () => gstreamer.played.pictures > 0,
    () => gstreamer.explain(),
  );
  const ended = () =>
    unit.appliance.log.filter(({ message }) => message === 'session closed').length;
  const before = ended();
  await gstreamer.stop();
  assert.equal(gstreamer.played.deleted, 200);
  assert.equal(ended(), before + 1);
});
