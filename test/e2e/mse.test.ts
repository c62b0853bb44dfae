import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { decodeMarks } from '../../server/target/simulated/test-marks.js';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

/** The WebSocket in a browser without WebCodecs: Chromium from which they are taken before the page loads. */
const unit = ClaimedUnit.forTests();
let viewer: ConsolePage;

// Also after a failure: who stays has control.
afterEach(() => viewer?.close());

function withoutWebCodecs(): void {
  Reflect.deleteProperty(globalThis, 'VideoDecoder');
}

/** As Firefox without its OpenH264 plug-in. */
function withoutH264InWebRtc(): void {
  const capabilities = RTCRtpReceiver.getCapabilities;
  RTCRtpReceiver.getCapabilities = (kind) => {
    const all = capabilities.call(RTCRtpReceiver, kind);
    const codecs = all?.codecs.filter(({ mimeType }) => mimeType !== 'video/H264') ?? [];
    return all && { ...all, codecs };
  };
}

/** When the picture that is seen was captured, microseconds on the clock of this process. */
async function seenUs(): Promise<number> {
  const { rgba, width } = await viewer.pixels(0, 0, 400, 32);
  return decodeMarks(rgba, width)?.timestampUs ?? 0;
}

const nowUs = () => Number(process.hrtime.bigint() / 1000n);

test('the page shows the picture through Media Source Extensions by itself, and says so', async () => {
  await unit.appliance.target.bootTo('console');
  viewer = await unit.open('', { scripts: [withoutH264InWebRtc, withoutWebCodecs] });
  await viewer.ready();
  assert.equal(await viewer.state('transport'), 'websocket');
  await viewer.page.locator('kvm-rung').getByText('WebSocket · MSE').first().waitFor();
  const why = 'no H.264 in WebRTC. This browser has no WebCodecs';
  await viewer.page.locator('kvm-rung').getByText(why).first().waitFor();
  assert.deepEqual(viewer.errors, []);
});

test('what is typed on a still screen is seen, through every change of mode', async () => {
  viewer = await unit.openConsole('?transport=ws', { scripts: [withoutWebCodecs] });
  assert.equal(await viewer.state('socketDecoder'), 'mse');
  for (const turn of ['first', 'second']) {
    const text = `echo ${turn}`;
    await typeOnUsKeyboard(viewer.page.keyboard, text);
    await until('the text', async () => (await unit.appliance.target.typedText()).endsWith(text));
    const fromUs = nowUs();
    await viewer.page.keyboard.press('ShiftLeft');
    await until('its picture', async () => (await seenUs()) > fromUs);
    await unit.appliance.target.bootTo('menu');
    await until('the menu', async () => (await viewer.state('pictureWidth')) === 640);
    await unit.appliance.target.bootTo('console');
    await until('the console', async () => (await viewer.state('pictureWidth')) === 1280);
  }
  await viewer.waitForState('pictureAgeSeconds', null);
  assert.deepEqual(viewer.errors, []);
});

test('a moving picture goes on, and what is seen is new', async () => {
  viewer = await unit.openConsole('?transport=ws', { scripts: [withoutWebCodecs] });
  await unit.appliance.target.bootTo('desktop');
  const drawn = async () => (await viewer.state<{ framesTotal: number }>('metrics')).framesTotal;
  const from = await drawn();
  await until('pictures', async () => (await drawn()) > from + 20, drawn, 60_000);
  const fromUs = nowUs();
  await until('a new one on the screen', async () => (await seenUs()) > fromUs);
  await viewer.waitForState('pictureAgeSeconds', null);
  assert.deepEqual(viewer.errors, []);
});

test('a player that fails is replaced, and the picture goes on', async () => {
  viewer = await unit.openConsole('?transport=ws', { scripts: [withoutWebCodecs] });
  await viewer.page.evaluate(() => {
    const { appendBuffer } = SourceBuffer.prototype;
    SourceBuffer.prototype.appendBuffer = function fail() {
      SourceBuffer.prototype.appendBuffer = appendBuffer;
      throw new DOMException('no memory is left', 'QuotaExceededError');
    };
  });
  const fromUs = nowUs();
  await viewer.page.keyboard.press('ShiftLeft');
  await until('a new picture', async () => (await seenUs()) > fromUs);
  assert.equal(await viewer.state('phase'), 'live');
});

test('a player that fails at each picture is given up', async () => {
  viewer = await unit.open('?transport=ws', {
    scripts: [
      withoutWebCodecs,
      () => {
        SourceBuffer.prototype.appendBuffer = () => {
          throw new DOMException('not here', 'NotSupportedError');
        };
      },
    ],
  });
  await viewer.page
    .getByRole('heading', { name: 'This browser cannot show the picture' })
    .waitFor();
  assert.equal(await viewer.state('phase'), 'ended');
});
