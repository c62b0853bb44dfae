import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UdpWire } from '../integration/webrtc/udp-wire.js';
import { ClaimedUnit } from './claimed-unit.js';
import { ConsolePage } from './console-page.js';
import { until } from './until.js';

/** One session, from one carrier to the other and back, while somebody types. */
const unit = ClaimedUnit.forTests();

/** Looks at every drawn frame for a picture that is black or gone, from the first picture on. */
function watchPicture(): void {
  const seen = { frames: 0, black: 0, missing: 0 };
  Object.assign(globalThis, { seen });
  const probe = new OffscreenCanvas(32, 32);
  const context = probe.getContext('2d', { willReadFrequently: true });
  const look = (): void => {
    requestAnimationFrame(look);
    const app = document.querySelector('kvm-app') as unknown as {
      store?: { value: { hasPicture: boolean } };
    } | null;
    if (!app?.store?.value.hasPicture || !context) return;
    const picture = document
      .querySelector('kvm-app')
      ?.shadowRoot?.querySelector('kvm-monitor')
      ?.shadowRoot?.querySelector('kvm-picture')?.lastElementChild;
    seen.frames += 1;
    if (!picture) {
      seen.missing += 1;
      return;
    }
    // The strip of the test marks is never black as a whole.
    context.drawImage(picture as HTMLVideoElement, 0, 0, 640, 64, 0, 0, 32, 32);
    if (context.getImageData(0, 0, 32, 32).data.every((value, at) => at % 4 === 3 || value < 24)) {
      seen.black += 1;
    }
  };
  requestAnimationFrame(look);
}

const logOf = (viewer: ConsolePage) => viewer.state<{ text: string }[]>('log');

/** A page whose WebRTC goes through the wire, after an ICE restart, too. */
async function openOverWire(wire: UdpWire): Promise<ConsolePage> {
  await unit.appliance.target.bootTo('console');
  const viewer = await ConsolePage.open(unit.browser, unit.appliance, '', {
    scripts: [watchPicture],
  });
  await viewer.page.route('**/api/whep**', async (route) => {
    const reply = await route.fetch();
    const body = await reply.text();
    const rerouted = body.includes('a=candidate:') ? wire.route(body) : body;
    await route.fulfill({ response: reply, body: rerouted });
  });
  await viewer.login();
  return viewer;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz1234567890';

/** What was pressed, from the target's keyboard reports: letters, digits and spaces. */
function pressesIn(reports: readonly string[]): string {
  let held = new Set<number>();
  let text = '';
  for (const report of reports) {
    const now = new Set([...Buffer.from(report, 'hex').subarray(2)].filter((usage) => usage > 0));
    for (const usage of now) {
      if (!held.has(usage)) text += usage === 0x2c ? ' ' : (LETTERS[usage - 4] ?? '?');
    }
    held = now;
  }
  return text;
}

const sessions = () =>
  unit.appliance.log.filter(({ message }) => message === 'session created').length;

test('both start, WebRTC takes over when it is steady, dies and comes back: no key lost or doubled, never black', async () => {
  const wire = await UdpWire.open();
  const viewer = await openOverWire(wire);
  try {
    await viewer.ready();
    const before = sessions();
    const from = (await unit.appliance.keyReports()).length;
    let typed = '';
    let typing = true;
    const typist = (async () => {
      for (let turn = 0; typing; turn += 1) {
        const words = `line ${turn} of the typist `;
        // As fast as hands: what waits for the next carrier must fit into the queue towards the target.
        await viewer.page.keyboard.type(words, { delay: 25 });
        typed += words;
      }
    })();
    const move = async (transport: string) => viewer.waitForState('transport', transport);
    await move('webrtc');
    wire.muted = true;
    await move('websocket');
    wire.muted = false;
    await move('webrtc');
    typing = false;
    await typist;
    const pressed = async () => pressesIn((await unit.appliance.keyReports()).slice(from));
    await until('everything typed', async () => (await pressed()).length >= typed.length, pressed);
    // What the target was told: a key that was down when the path died repeats there as long as it is down.
    assert.equal(await pressed(), typed);
    assert.equal(await unit.appliance.lastKeys(), '0000000000000000');
    assert.equal(sessions(), before, 'it is the same session all the time');
    const seen = (await viewer.page.evaluate('seen')) as Record<string, number>;
    assert.ok((seen['frames'] ?? 0) > 30, JSON.stringify(seen));
    assert.deepEqual([seen['black'], seen['missing']], [0, 0], JSON.stringify(seen));
    assert.equal(await viewer.state('transportNote'), null);
    assert.deepEqual(viewer.errors, []);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${JSON.stringify(await logOf(viewer))}`, {
      cause: error,
    });
  } finally {
    await viewer.close();
    wire.close();
  }
});

test('a changed address: ICE restarts on the same carrier, the picture goes on, control is kept', async () => {
  const wire = await UdpWire.open();
  const viewer = await openOverWire(wire);
  try {
    await viewer.ready();
    await viewer.waitForState('transport', 'webrtc');
    const before = sessions();
    const restarts: number[] = [];
    viewer.page.on('response', (reply) => {
      const request = reply.request();
      const restart = request.method() === 'PATCH' && request.headers()['if-match'] === '*';
      if (restart) restarts.push(reply.status());
    });
    await viewer.page.evaluate(() => dispatchEvent(new Event('online')));
    await until('the ICE restart', () => restarts.length > 0);
    assert.equal(restarts[0], 200);
    await wire.moveViewer();
    const drawn = async () => (await viewer.state<{ framesTotal: number }>('metrics')).framesTotal;
    const from = await drawn();
    const keysBefore = (await unit.appliance.keyReports()).length;
    const explain = async () => JSON.stringify([await drawn(), await logOf(viewer)]);
    await until(
      'pictures of what is typed',
      async () => {
        await viewer.page.keyboard.press('KeyA');
        return (await drawn()) > from + 20;
      },
      explain,
    );
    assert.ok((await unit.appliance.keyReports()).length > keysBefore, 'keys arrive');
    assert.equal(await viewer.state('transport'), 'webrtc');
    const log = await logOf(viewer);
    assert.deepEqual(
      log.filter(({ text }) => /Carrier lost|stopped|Moved to WebSocket/.test(text)),
      [],
      JSON.stringify(log),
    );
    assert.equal(await viewer.state('inControl'), true);
    assert.equal(sessions(), before);
  } finally {
    await viewer.close();
    wire.close();
  }
});

test('where WebRTC finds no way the WebSocket shows the picture, the page says why, and a setting forces one', async () => {
  const wire = await UdpWire.open();
  wire.muted = true;
  const viewer = await openOverWire(wire);
  try {
    await viewer.ready();
    assert.equal(await viewer.state('transport'), 'websocket');
    await viewer.page.locator('kvm-tower').getByText('WebSocket · TLS').waitFor();
    await viewer.page.locator('kvm-tower').getByText('WebRTC found no way through').waitFor();
    assert.equal(await viewer.state('inControl'), true);
    const wanted = viewer.page.getByRole('group', { name: 'Way to the appliance' });
    await wanted.getByRole('button', { name: 'WebSocket' }).click();
    await viewer.ready();
    assert.equal(await viewer.state('transportNote'), 'Chosen here');
    wire.muted = false;
    await wanted.getByRole('button', { name: 'WebRTC' }).click();
    await viewer.waitForState('transport', 'webrtc');
    await viewer.ready();
    await viewer.page.reload();
    await viewer.ready();
    assert.equal(await viewer.state('transportSetting'), 'webrtc');
    assert.equal(await viewer.state('transport'), 'webrtc');
  } finally {
    await viewer.close();
    wire.close();
  }
});
