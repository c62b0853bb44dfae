import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ApiError, api } from '../../../client/src/session/api-client.js';

const nativeFetch = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = nativeFetch;
});

function answer(reply: () => Response): void {
  globalThis.fetch = async () => reply();
}

const codeOf = async (): Promise<string> =>
  api.status().then(
    () => 'none',
    (error: unknown) => (error as ApiError).code,
  );

test('an error of the appliance keeps its code and its words', async () => {
  answer(() => Response.json({ error: 'throttled', message: 'Wait 4 s.' }, { status: 429 }));
  await assert.rejects(api.status(), new ApiError('throttled', 'Wait 4 s.'));
});

test('no reply, and a reply of a proxy, are an appliance that does not answer', async () => {
  answer(() => {
    throw new TypeError('Failed to fetch');
  });
  assert.equal(await codeOf(), 'lost');
  answer(() => new Response('<h1>Bad Gateway</h1>', { status: 502 }));
  assert.equal(await codeOf(), 'lost');
});

test('a code of a newer appliance is one that this page knows', async () => {
  answer(() => Response.json({ error: 'from-the-future', message: 'New.' }, { status: 418 }));
  assert.equal(await codeOf(), 'internal');
});
