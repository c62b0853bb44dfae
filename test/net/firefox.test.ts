import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { decodeMarks } from '../../server/target/simulated/test-marks.js';
import { OWNER } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { Firefox } from './firefox.js';
import { RemoteUnit } from './remote-unit.js';

const TAB = '\uE004';
const ENTER = '\uE007';
const SHIFT = '\uE008';

const unit = RemoteUnit.forTests();
let firefox: Firefox | undefined;

afterEach(async () => {
  await firefox?.close();
  firefox = undefined;
});

const page = (): Firefox => {
  if (!firefox) throw new Error('Firefox has not been started');
  return firefox;
};

/** The first element in the page and its elements' own trees that fits. */
const find = (selector: string) => `(function search(root) {
  for (const element of root.querySelectorAll('*')) {
    const found = element.matches('${selector}') ? element : element.shadowRoot && search(element.shadowRoot);
    if (found) return found;
  }
  return null;
})(document)`;

const state = (field: string) =>
  page().evaluate(`document.querySelector('kvm-app')?.store?.value.${field} ?? null`);

async function waitForState(field: string, value: unknown): Promise<void> {
  await until(
    `${field} ${value}`,
    async () => (await state(field)) === value,
    async () => `${field} is ${await state(field)}`,
    40_000,
  );
}

/** When the picture that is seen was captured, microseconds on the clock of this process. */
async function seenUs(): Promise<number> {
  const marks = { width: 400, height: 32 };
  const text = await page().evaluate<string>(`(() => {
    const context = new OffscreenCanvas(${marks.width}, ${marks.height}).getContext('2d');
    context.drawImage(${find('kvm-picture > :last-child')}, 0, 0);
    return Array.from(context.getImageData(0, 0, ${marks.width}, ${marks.height}).data).join();
  })()`);
  const rgba = Uint8Array.from(text.split(','), Number);
  return decodeMarks(rgba, marks.width)?.timestampUs ?? 0;
}

const nowUs = () => Number(process.hrtime.bigint() / 1000n);

/** What the <video> is doing. */
const player = () =>
  page().evaluate<string>(`(() => {
    const { currentTime, readyState, paused, buffered } = ${find('kvm-picture > video')};
    const ends = Array.from({ length: buffered.length }, (_, at) => buffered.end(at));
    return JSON.stringify({ currentTime, readyState, paused, ends });
  })()`);

async function open(preferences: Record<string, boolean> = {}): Promise<void> {
  await unit.appliance.target.bootTo('console');
  firefox = await Firefox.launchAt(unit.internet.viewer, preferences);
  await firefox.goto(unit.url);
  await until('the login', () => page().evaluate(`${find('input')} !== null`));
  await firefox.evaluate(`${find('input')}.focus()`);
  await firefox.press(`${OWNER.name}${TAB}${OWNER.password}${ENTER}`);
  await waitForState('hasPicture', true);
  await waitForState('transport', 'websocket');
  await waitForState('inControl', true);
  await firefox.evaluate(`${find('kvm-picture')}.focus()`);
}

async function typeThrough(text: string): Promise<void> {
  await page().press(text);
  await until(
    'the text on the target',
    async () => (await unit.appliance.target.screenText()).includes(text),
    () => unit.appliance.target.screenText(),
  );
  const fromUs = nowUs();
  await until('a picture of after that', async () => {
    // The target draws its marks anew only when something changes, and each report changes a patch.
    await page().press(SHIFT);
    return (await seenUs()) > fromUs;
  });
}

test('Firefox, whose WebRTC has no H.264, reaches the WebSocket by itself, shows the picture and types', async () => {
  await open();
  assert.match(String(await state('transportNote')), /H\.264/);
  assert.equal(await state('socketDecoder'), 'webcodecs');
  assert.equal(await state('pictureWidth'), 1280);
  await typeThrough('echo from firefox');
});

test('a Firefox without WebCodecs and frame callbacks, as older ones are, plays the picture', async () => {
  await open({ 'dom.media.webcodecs.enabled': false, 'media.rvfc.enabled': false });
  assert.equal(await state('socketDecoder'), 'mse');
  const callbacks = `'requestVideoFrameCallback' in HTMLVideoElement.prototype`;
  assert.equal(await page().evaluate(callbacks), false);
  await typeThrough('echo from a player');
  await unit.appliance.target.bootTo('menu');
  await waitForState('pictureWidth', 640);
  await waitForState('pictureAgeSeconds', null);
});

test('a Firefox without WebCodecs shows what moves, too', async () => {
  await open({ 'dom.media.webcodecs.enabled': false });
  await unit.appliance.target.bootTo('desktop');
  const drawn = async () => Number(await state('metrics.framesTotal'));
  const from = await drawn();
  const explain = async () => `${(await drawn()) - from} pictures, ${await player()}`;
  await until('pictures', async () => (await drawn()) > from + 20, explain, 60_000);
  const fromUs = nowUs();
  await until('a new one on the screen', async () => (await seenUs()) > fromUs);
});
