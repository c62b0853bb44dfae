import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { Certificate, type CertificateOptions } from '../../../server/http/certificate.js';
import { certificateDirectory } from '../../../server/http/certificate-directory.js';
import { makeCertificate } from '../../../server/http/make-certificate.js';
import { silentLogger } from '../../../server/logger.js';

const DAY_MS = 24 * 60 * 60_000;

describe('certificate', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-cert-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (options: Partial<CertificateOptions> = {}) =>
    Certificate.open({
      certPath: null,
      keyPath: null,
      certDir: directory,
      extraHosts: [],
      logger: silentLogger,
      ...options,
    });

  it('is made for the names and addresses of this machine and those given', async () => {
    const extraHosts = ['kvm.example', '203.0.113.9', 'FD00::9', '[fd00::a]'];
    const { identity } = await open({ extraHosts });
    const x509 = new X509Certificate(identity.cert);
    const names = [hostname().toLowerCase(), 'localhost', '127.0.0.1', '::1', 'kvm.example'];
    for (const name of names) {
      const covers = /^[\d.]+$|:/.test(name) ? x509.checkIP(name) : x509.checkHost(name);
      assert.ok(covers, name);
    }
    assert.ok(x509.checkIP('203.0.113.9') && x509.checkIP('fd00::9') && x509.checkIP('fd00::a'));
    assert.ok(!x509.checkHost('evil.example'));
    assert.ok(x509.verify(x509.publicKey));
    assert.equal(x509.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.equal(x509.ca, false);
    assert.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.match(identity.sha256, /^[0-9a-f]{64}$/);
    assert.equal(identity.sha256, x509.fingerprint256.replaceAll(':', '').toLowerCase());
  });

  it('is valid for at most the 397 days that browsers allow, with a serial of its own', async () => {
    const serials = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const { cert } = await makeCertificate(['localhost'], new Date());
      const x509 = new X509Certificate(cert);
      const days = (Date.parse(x509.validTo) - Date.parse(x509.validFrom)) / DAY_MS;
      assert.ok(days > 396 && days <= 397, String(days));
      assert.ok(x509.serialNumber.length >= 30);
      serials.add(x509.serialNumber);
    }
    assert.equal(serials.size, 3);
  });

  it('keeps its key to its owner and offers the certificate alone', async () => {
    const { identity } = await open();
    assert.deepEqual((await readdir(directory)).sort(), ['mykvm.crt', 'mykvm.pem']);
    assert.equal((await stat(join(directory, 'mykvm.pem'))).mode & 0o777, 0o600);
    assert.equal(await readFile(join(directory, 'mykvm.crt'), 'utf8'), identity.cert);
    assert.ok(!identity.cert.includes('PRIVATE'));
  });

  it('stays the same from start to start', async () => {
    assert.equal((await open()).identity.sha256, (await open()).identity.sha256);
  });

  it('is renewed 30 days before its end, also while running', async () => {
    let now = new Date();
    const certificate = await open({ now: () => now });
    const first = certificate.identity;
    now = new Date(first.notAfter.getTime() - 31 * DAY_MS);
    assert.equal(await certificate.refresh(), false);
    now = new Date(first.notAfter.getTime() - 29 * DAY_MS);
    assert.equal(await certificate.refresh(), true);
    assert.notEqual(certificate.identity.sha256, first.sha256);
    assert.ok(certificate.identity.notAfter > first.notAfter);
  });

  it('is renewed when a name is missing and kept when there is one too many', async () => {
    const first = await open({ extraHosts: ['a.example', 'b.example'] });
    const fewer = await open({ extraHosts: ['a.example'] });
    assert.equal(fewer.identity.sha256, first.identity.sha256);
    const other = await open({ extraHosts: ['c.example'] });
    assert.notEqual(other.identity.sha256, first.identity.sha256);
    assert.ok(other.identity.altNames.includes('c.example'));
  });

  it('is made anew when its file is damaged', async () => {
    const first = await open();
    await writeFile(join(directory, 'mykvm.pem'), first.identity.cert);
    const second = await open();
    assert.notEqual(second.identity.sha256, first.identity.sha256);
  });

  it('says when it cannot be written', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await assert.rejects(open({ certDir: join(file, 'certs') }), (error: Error) => {
      assert.ok(error instanceof StartError);
      return true;
    });
  });

  it('is kept in certs/ of a checkout, else in the state directory', async () => {
    const installed = join(directory, 'installed');
    const checkout = join(directory, 'checkout');
    await mkdir(installed);
    await mkdir(join(checkout, 'certs'), { recursive: true });
    await writeFile(join(checkout, 'tsconfig.json'), '{}');
    assert.equal(certificateDirectory(installed, '/state'), '/state');
    assert.equal(certificateDirectory(checkout, '/state'), join(checkout, 'certs'));
  });

  describe('given by the user', () => {
    let certPath: string;
    let keyPath: string;
    beforeEach(async () => {
      certPath = join(directory, 'cert.pem');
      keyPath = join(directory, 'key.pem');
      const { cert, key } = await makeCertificate(['kvm.example'], new Date());
      await writeFile(certPath, cert);
      await writeFile(keyPath, key);
    });

    async function refusal(options: Partial<CertificateOptions> = {}): Promise<string> {
      let message = '';
      await assert.rejects(open({ certPath, keyPath, ...options }), (error: Error) => {
        assert.ok(error instanceof StartError, String(error));
        message = error.message;
        return true;
      });
      assert.match(message, /^The (certificate|key) .*\.$|^The certificate .* clock right\?$/);
      return message;
    }

    it('is used as it is', async () => {
      const { identity } = await open({ certPath, keyPath });
      assert.deepEqual(identity.altNames, ['kvm.example']);
      assert.deepEqual((await readdir(directory)).sort(), ['cert.pem', 'key.pem']);
    });

    it('is named when a file is missing or cannot be read', async () => {
      const message = await refusal({ certPath: '/nonexistent/cert.pem' });
      assert.match(
        message,
        /certificate \/nonexistent\/cert.pem cannot be read: it does not exist/,
      );
      assert.match(
        await refusal({ keyPath: '/nonexistent/key.pem' }),
        /key \/nonexistent\/key.pem/,
      );
      assert.match(await refusal({ keyPath: directory }), /cannot be read: it is a directory/);
      await chmod(keyPath, 0);
      // Root reads everything.
      if (process.getuid?.() !== 0) assert.match(await refusal(), /there is no permission/);
    });

    it('is named when it is no PEM', async () => {
      await writeFile(certPath, 'hello');
      assert.match(await refusal(), /cert.pem is not a PEM certificate/);
    });

    it('is named when a further certificate of its chain is damaged', async () => {
      const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      await writeFile(certPath, (await readFile(certPath, 'utf8')) + damaged);
      assert.match(await refusal(), /The certificate .*cert.pem cannot be used: .+\.$/);
    });

    it('is named when the key is no key', async () => {
      await writeFile(keyPath, await readFile(certPath));
      assert.match(await refusal(), /key.pem is not a PEM private key/);
    });

    it('is named when the two do not belong together', async () => {
      await writeFile(keyPath, (await makeCertificate(['kvm.example'], new Date())).key);
      assert.match(await refusal(), /key.pem does not belong to the certificate .*cert.pem/);
    });

    it('is named when it has expired or is not valid yet', async () => {
      const after = new Date(Date.now() + 400 * DAY_MS);
      assert.match(await refusal({ now: () => after }), /expired on \d{4}-\d\d-\d\d/);
      const before = new Date(Date.now() - 2 * DAY_MS);
      assert.match(await refusal({ now: () => before }), /not valid before/);
    });

    it('is not replaced while running when it ends', async () => {
      let now = new Date();
      const certificate = await open({ certPath, keyPath, now: () => now });
      const { sha256 } = certificate.identity;
      now = new Date(Date.now() + 400 * DAY_MS);
      await assert.rejects(certificate.refresh(), StartError);
      assert.equal(certificate.identity.sha256, sha256);
    });

    it('is taken over while running when the file was renewed', async () => {
      const certificate = await open({ certPath, keyPath });
      const { cert, key } = await makeCertificate(['kvm.example'], new Date());
      await writeFile(certPath, cert);
      await writeFile(keyPath, key);
      assert.equal(await certificate.refresh(), true);
    });
  });
});
