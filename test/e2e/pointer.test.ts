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

/** Absolute mouse reports that the target got: buttons and position, 0 to 32767. */
async function mouseReports() {
  const log = await unit.appliance.target.log();
  return log
    .filter(({ fn }) => fn === 'absolute-mouse')
    .map(({ hex }) => {
      const bytes = Buffer.from(hex, 'hex');
      return {
        buttons: bytes.readUInt8(0),
        x: bytes.readUInt16LE(1),
        y: bytes.readUInt16LE(3),
        wheel: bytes.readInt8(5),
        pan: bytes.readInt8(6),
      };
    });
}

/** Where the picture is on the page: 1280x720 letterboxed into the element. */
async function pictureOnPage() {
  const box = await viewer.page.locator('kvm-picture').boundingBox();
  assert.ok(box);
  const scale = Math.min(box.width / 1280, box.height / 720);
  const [width, height] = [1280 * scale, 720 * scale];
  return {
    x: box.x + (box.width - width) / 2,
    y: box.y + (box.height - height) / 2,
    width,
    height,
  };
}

test('each click lands at its own position, in order', async () => {
  const picture = await pictureOnPage();
  const before = (await mouseReports()).length;
  const places = Array.from({ length: 25 }, (_, n) => ({
    x: ((n * 7) % 25) / 25 + 0.02,
    y: ((n * 11) % 25) / 25 + 0.02,
  }));
  for (const place of places) {
    await viewer.page.mouse.click(
      picture.x + place.x * picture.width,
      picture.y + place.y * picture.height,
    );
  }
  const presses = async () => {
    const reports = (await mouseReports()).slice(before);
    return reports.filter(
      ({ buttons }, at) => buttons === 1 && (reports[at - 1]?.buttons ?? 0) === 0,
    );
  };
  await until('all clicks', async () => (await presses()).length >= places.length);
  const found = await presses();
  assert.equal(found.length, places.length);
  for (const [at, place] of places.entries()) {
    const press = found[at];
    // A page pixel is a good 30 units here.
    assert.ok(Math.abs((press?.x ?? 0) - place.x * 32767) < 60, `x of click ${at}`);
    assert.ok(Math.abs((press?.y ?? 0) - place.y * 32767) < 100, `y of click ${at}`);
  }
  await until('the release', async () => (await mouseReports()).at(-1)?.buttons === 0);
});

test('the last position of a fast move arrives', async () => {
  const picture = await pictureOnPage();
  await viewer.page.mouse.move(picture.x + 5, picture.y + 5);
  await viewer.page.mouse.move(picture.x + picture.width * 0.75, picture.y + picture.height / 2, {
    steps: 40,
  });
  await until('the last position', async () => {
    const last = (await mouseReports()).at(-1);
    return last && Math.abs(last.x - 0.75 * 32767) < 60 && Math.abs(last.y - 16384) < 100;
  });
});

test('one notch of the wheel is one detent, away from the user positive', async () => {
  const before = (await mouseReports()).length;
  const turned = async () =>
    (await mouseReports()).slice(before).reduce((sum, { wheel }) => sum + wheel, 0);
  await viewer.page.mouse.wheel(0, -100);
  await until('one detent up', async () => (await turned()) === 1);
  await viewer.page.mouse.wheel(0, 300);
  await until('three detents down', async () => (await turned()) === -2);
});

for (const [what, deltaMode, perNotch] of [
  ['pixels', 0, 100],
  ['lines', 1, 3],
  ['pages', 2, 1],
] as const) {
  test(`a wheel that counts in ${what} turns the target's by whole notches`, async () => {
    const { x, y } = await pictureOnPage();
    const before = (await mouseReports()).length;
    const turn = (notches: { up?: number; right?: number }) =>
      viewer.page.locator('kvm-picture').dispatchEvent('wheel', {
        deltaMode,
        deltaY: -(notches.up ?? 0) * perNotch,
        deltaX: (notches.right ?? 0) * perNotch,
        clientX: x + 200,
        clientY: y + 100,
      });
    const turned = async () => {
      const reports = (await mouseReports()).slice(before);
      const sum = { wheel: 0, pan: 0 };
      for (const { wheel, pan } of reports) {
        sum.wheel += wheel;
        sum.pan += pan;
      }
      return `${sum.wheel} ${sum.pan}`;
    };
    await viewer.focus();
    await turn({ up: 2 });
    await until('two up', async () => (await turned()) === '2 0', turned);
    // Two halves are one whole.
    await turn({ up: -0.5 });
    await turn({ up: -4.5 });
    await until('five down', async () => (await turned()) === '-3 0', turned);
    await turn({ right: 3 });
    await turn({ right: -1 });
    await until('two to the right', async () => (await turned()) === '-3 2', turned);
  });
}

test('all five buttons arrive as HID numbers them', async () => {
  const { x, y } = await pictureOnPage();
  // Playwright's own mouse has no side buttons.
  const devtools = await viewer.page.context().newCDPSession(viewer.page);
  for (const [button, domBit, hidBit] of [
    ['left', 1, 1],
    ['right', 2, 2],
    ['middle', 4, 4],
    ['back', 8, 8],
    ['forward', 16, 16],
  ] as const) {
    const at = { x: x + 40, y: y + 40, button, clickCount: 1 };
    const press = { ...at, type: 'mousePressed', buttons: domBit } as const;
    await devtools.send('Input.dispatchMouseEvent', press);
    await until(`${button} down`, async () => (await mouseReports()).at(-1)?.buttons === hidBit);
    await devtools.send('Input.dispatchMouseEvent', {
      ...press,
      type: 'mouseReleased',
      buttons: 0,
    });
    await until(`${button} up`, async () => (await mouseReports()).at(-1)?.buttons === 0);
  }
  assert.equal(await viewer.state('phase'), 'live', 'back and forward stayed with the target');
  await devtools.detach();
});

test('a drag that leaves the picture is held at its edge and ends outside', async () => {
  const { page } = viewer;
  const picture = await pictureOnPage();
  const before = (await mouseReports()).length;
  await page.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
  await page.mouse.down();
  await page.mouse.move(picture.x - 15, picture.y + picture.height / 2, { steps: 10 });
  await until('the left edge', async () => (await mouseReports()).at(-1)?.x === 0);
  assert.equal((await mouseReports()).at(-1)?.buttons, 1);
  await page.mouse.up();
  await until('the release', async () => (await mouseReports()).at(-1)?.buttons === 0);
  const drag = (await mouseReports()).slice(before);
  const pressed = drag.findIndex(({ buttons }) => buttons === 1);
  assert.ok(Math.abs((drag[pressed]?.x ?? 0) - 16384) < 60, 'it began in the middle');
});

test('losing the focus releases what is held', async () => {
  await viewer.focus();
  await viewer.page.keyboard.down('Control');
  await viewer.page.keyboard.down('a');
  await until(
    'both keys down',
    async () => (await unit.appliance.lastKeys()) === '0100040000000000',
  );
  await viewer.page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await until('all keys up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
  await viewer.page.keyboard.up('a');
  await viewer.page.keyboard.up('Control');
});

test('the release key gives the keyboard back to the page', async () => {
  await viewer.focus();
  await viewer.page.keyboard.press('ControlRight');
  await until('the focus to leave the picture', () =>
    viewer.page.evaluate(
      () =>
        document.querySelector('kvm-app')?.shadowRoot?.querySelector('kvm-monitor')?.shadowRoot
          ?.activeElement?.localName !== 'kvm-picture',
    ),
  );
});

/** Relative mouse reports that the target got since `from`, summed up; `buttons` are the last ones. */
async function relativeMotion(from: number) {
  const log = (await unit.appliance.target.log())
    .slice(from)
    .filter(({ fn }) => fn === 'relative-mouse');
  const sum = { x: 0, y: 0, wheel: 0, buttons: 0 };
  for (const { hex } of log) {
    const bytes = Buffer.from(hex, 'hex');
    sum.x += bytes.readInt8(1);
    sum.y += bytes.readInt8(2);
    sum.wheel += bytes.readInt8(3);
    sum.buttons = bytes.readUInt8(0);
  }
  return sum;
}

test('a captured mouse is relative, without any edge, until the release key', async () => {
  const { page } = viewer;
  const capture = page.getByRole('button', { name: 'Capture the mouse' });
  const picture = await pictureOnPage();
  await page.mouse.move(picture.x + 100, picture.y + 100);
  await capture.click();
  await page.getByText('The mouse is captured. Release: Right Ctrl or Esc').waitFor();
  assert.equal(await capture.getAttribute('aria-pressed'), 'true');
  const from = (await unit.appliance.target.log()).length;
  // Beside the picture too: only the way counts.
  await page.mouse.move(400, 300);
  await until('the first move', async () => (await relativeMotion(from)).x !== 0);
  // A long way takes several reports; a click is in its place behind all of them.
  await page.mouse.down();
  await until('the button', async () => (await relativeMotion(from)).buttons === 1);
  await page.mouse.up();
  await until('its release', async () => (await relativeMotion(from)).buttons === 0);
  const start = await relativeMotion(from);
  await page.mouse.move(437, 281);
  const explain = async () => JSON.stringify([start, await relativeMotion(from)]);
  await until(
    'the way of the second move',
    async () => {
      const { x, y } = await relativeMotion(from);
      return x - start.x === 37 && y - start.y === -19;
    },
    explain,
  );
  await page.mouse.wheel(0, 200);
  await until('two detents', async () => (await relativeMotion(from)).wheel === -2, explain);
  await page.keyboard.press('ControlRight');
  await page.getByText('Click the picture to type and point').waitFor();
  assert.equal(await capture.getAttribute('aria-pressed'), 'false');
  await page.waitForFunction(() => document.pointerLockElement === null);
  const absolute = (await mouseReports()).length;
  await page.mouse.click(picture.x + 50, picture.y + 50);
  await until('absolute motion again', async () => (await mouseReports()).length > absolute);
});

test('losing control gives a captured mouse back', async () => {
  await viewer.page.getByRole('button', { name: 'Capture the mouse' }).click();
  await viewer.page.getByText('The mouse is captured').waitFor();
  await viewer.page.evaluate(() => {
    const app = document.querySelector('kvm-app') as unknown as {
      actions: { releaseControl(): void };
    };
    app.actions.releaseControl();
  });
  await viewer.waitForState('inControl', false);
  await viewer.page.waitForFunction(() => document.pointerLockElement === null);
});
