import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import {
  type DtlsCertificate,
  type DtlsCertificateStore,
  loadDtlsCertificate,
} from '../../../server/webrtc/dtls-certificate.js';

const DAY_MS = 24 * 60 * 60 * 1000;

class MemoryStore implements DtlsCertificateStore {
  record: DtlsCertificate | null = null;
  writes = 0;

  async get(): Promise<DtlsCertificate | null> {
    return this.record;
  }

  async set(certificate: DtlsCertificate): Promise<void> {
    this.record = certificate;
    this.writes++;
  }
}

test('a certificate is made once, fits its key, and is kept until 30 days before its end', async () => {
  const store = new MemoryStore();
  const now = Date.parse('2026-11-22T12:00:00Z');
  const made = await loadDtlsCertificate(store, now);
  const certificate = new X509Certificate(made.certPem);
  assert.equal(certificate.checkPrivateKey(createPrivateKey(made.keyPem)), true);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.deepEqual(await loadDtlsCertificate(store, now + 334 * DAY_MS), made);
  assert.equal(store.writes, 1);
  assert.notDeepEqual(await loadDtlsCertificate(store, now + 336 * DAY_MS), made);
  assert.equal(store.writes, 2);
});

test('a record that cannot be read is replaced', async () => {
  const store = new MemoryStore();
  store.record = { certPem: 'x', keyPem: 'y' };
  await loadDtlsCertificate(store, Date.now());
  assert.equal(store.writes, 1);
});
