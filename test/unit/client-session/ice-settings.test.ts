import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IceFields, iceRequestOf } from '../../../client/src/session/ice-settings.js';

const EMPTY: IceFields = {
  urls: '',
  login: 'none',
  username: '',
  password: '',
  secret: '',
  relayOnly: false,
};

test('what the form says becomes a request', () => {
  assert.deepEqual(iceRequestOf(EMPTY), {
    urls: [],
    username: null,
    password: null,
    secret: null,
    policy: 'all',
  });
  const urls = ' stun:a\n turn:b,turns:c ';
  assert.deepEqual(
    iceRequestOf({ ...EMPTY, urls, login: 'secret', secret: 'x', relayOnly: true }),
    {
      urls: ['stun:a', 'turn:b', 'turns:c'],
      username: null,
      password: null,
      secret: 'x',
      policy: 'relay',
    },
  );
});

test('a password or secret that is left empty stays as it is; that of the other login goes', () => {
  assert.deepEqual(iceRequestOf({ ...EMPTY, login: 'password', username: ' u ' }), {
    urls: [],
    username: 'u',
    secret: null,
    policy: 'all',
  });
  assert.deepEqual(iceRequestOf({ ...EMPTY, login: 'secret' }), {
    urls: [],
    username: null,
    password: null,
    policy: 'all',
  });
});
