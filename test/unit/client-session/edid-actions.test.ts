import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type ConsoleState, INITIAL_STATE } from '../../../client/src/session/console-state.js';
import { EdidActions } from '../../../client/src/session/edid-actions.js';
import { EventLog } from '../../../client/src/session/event-log.js';
import { Store } from '../../../client/src/session/store.js';
import type { EdidReply } from '../../../server/protocol/api.js';

const SHOWN: EdidReply = { choice: '1280x720@60', presets: [], edid: '', state: 'shown' };

const nativeFetch = globalThis.fetch;
const sent: Array<{ path: string; init: RequestInit | undefined }> = [];
let answer: () => Response;
let store: Store<ConsoleState>;
let actions: EdidActions;

beforeEach(() => {
  sent.length = 0;
  globalThis.fetch = async (path, init) => {
    sent.push({ path: String(path), init });
    return answer();
  };
  store = new Store<ConsoleState>(INITIAL_STATE);
  actions = new EdidActions(store, new EventLog(store));
});

afterEach(() => {
  globalThis.fetch = nativeFetch;
});

test('a preset goes as JSON, a file as its bytes; the reply is what is shown', async () => {
  answer = () => Response.json({ ...SHOWN, choice: '1920x1080@25' });
  await actions.choose('1920x1080@25');
  assert.equal(store.value.edid?.choice, '1920x1080@25');
  assert.equal(store.value.edidBusy, false);
  const bytes = new ArrayBuffer(256);
  await actions.choose(bytes);
  assert.deepEqual(
    sent.map(({ path, init }) => [path, init?.method, init?.body]),
    [
      ['api/edid', 'PUT', '{"preset":"1920x1080@25"}'],
      ['api/edid', 'PUT', bytes],
    ],
  );
  const types = sent.map(({ init }) => new Headers(init?.headers).get('Content-Type'));
  assert.deepEqual(types, ['application/json', 'application/octet-stream']);
});

test('a refusal is shown in the words of the appliance, and what the target sees stays', async () => {
  answer = () => Response.json(SHOWN);
  await actions.load();
  answer = () => Response.json({ error: 'bad-edid', message: 'byte 18: wrong' }, { status: 422 });
  await actions.choose(new ArrayBuffer(3));
  assert.equal(store.value.edidError, 'byte 18: wrong');
  assert.deepEqual(store.value.edid, SHOWN);
  assert.equal(store.value.edidBusy, false);
  answer = () => Response.json(SHOWN);
  await actions.load();
  assert.equal(store.value.edidError, null);
});
