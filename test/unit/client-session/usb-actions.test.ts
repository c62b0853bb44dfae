import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type ConsoleState, INITIAL_STATE } from '../../../client/src/session/console-state.js';
import { EventLog } from '../../../client/src/session/event-log.js';
import { Store } from '../../../client/src/session/store.js';
import { UsbActions } from '../../../client/src/session/usb-actions.js';
import type { UsbReply } from '../../../server/protocol/api.js';

const READY: UsbReply = {
  state: 'configured',
  functions: ['keyboard'],
  wanted: ['keyboard'],
  problem: null,
};

const nativeFetch = globalThis.fetch;
const sent: string[] = [];
let answer: () => Response;
let store: Store<ConsoleState>;
let actions: UsbActions;

beforeEach(() => {
  sent.length = 0;
  globalThis.fetch = async (path, init) => {
    sent.push([init?.method, path, init?.body ?? ''].join(' ').trim());
    return answer();
  };
  answer = () => Response.json(READY);
  store = new Store<ConsoleState>(INITIAL_STATE);
  actions = new UsbActions(store, new EventLog(store));
});

afterEach(() => {
  globalThis.fetch = nativeFetch;
});

const logged = () => store.value.log.map(({ kind, text }) => `${kind}: ${text}`);

test('each act has its route, and the reply is what is shown', async () => {
  await actions.load();
  assert.deepEqual(store.value.usb, READY);
  await actions.act('replug');
  await actions.act('wake');
  await actions.act(['keyboard', 'relative-mouse']);
  assert.deepEqual(sent, [
    'GET api/usb',
    'POST api/usb/replug',
    'POST api/usb/wake',
    'POST api/usb/functions {"functions":["keyboard","relative-mouse"]}',
  ]);
  assert.deepEqual(logged().slice(-3), [
    'info: USB was unplugged and plugged in again',
    'info: The target is awake',
    'info: USB was unplugged and plugged in again',
  ]);
  assert.equal(store.value.usbBusy, false);
});

test('what fails is said in the words of the appliance, and the device stays as it was', async () => {
  await actions.load();
  answer = () => Response.json({ error: 'wake-failed', message: 'Sleeps on.' }, { status: 409 });
  await actions.act('wake');
  assert.equal(store.value.usbError, 'Sleeps on.');
  assert.deepEqual(store.value.usb, READY);
  assert.equal(logged().at(-1), 'error: Sleeps on.');
  answer = () => Response.json({ ...READY, state: 'unbound', problem: 'No controller.' });
  await actions.act('replug');
  assert.equal(store.value.usbError, null);
  assert.equal(logged().at(-1), 'error: No controller.');
});

test('one act at a time', async () => {
  const first = actions.act('replug');
  await actions.act('replug');
  await first;
  assert.deepEqual(sent, ['POST api/usb/replug']);
});
