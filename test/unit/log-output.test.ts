import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createLogger } from '../../server/log-output.js';

function logged(
  forPerson: boolean,
  write: (logger: ReturnType<typeof createLogger>) => void,
): string {
  const output = new PassThrough();
  write(createLogger('info', output, forPerson));
  return String(output.read() ?? '');
}

describe('log output', () => {
  it('is one line of JSON for machines', () => {
    const line = JSON.parse(logged(false, (logger) => logger.info({ port: 1 }, 'listening')));
    assert.equal(line.msg, 'listening');
    assert.equal(line.port, 1);
    assert.equal(line.level, 30);
  });

  it('is one readable line for a person, with the trace of an error below', () => {
    const text = logged(true, (logger) => {
      logger.info({ port: 1, of: { a: 1 } }, 'listening');
      logger.error({ err: new Error('no luck') }, 'failed');
    });
    const [first, second, third] = text.split('\n');
    assert.match(first ?? '', /^\d\d:\d\d:\d\d INFO {2}listening port=1 of=\{"a":1\}$/);
    assert.match(second ?? '', /^\d\d:\d\d:\d\d ERROR failed$/);
    assert.match(third ?? '', /^Error: no luck/);
  });

  it('leaves out what is below the level', () => {
    assert.equal(
      logged(true, (logger) => logger.debug({}, 'detail')),
      '',
    );
  });

  it('blots out secrets that get in by mistake', () => {
    const text = logged(false, (logger) =>
      logger.info(
        {
          password: 's3cret',
          body: { password: 's3cret' },
          req: { headers: { cookie: 's3cret', authorization: 's3cret' } },
          paste: { text: 's3cret' },
          login: { token: 's3cret' },
        },
        'oops',
      ),
    );
    assert.ok(!text.includes('s3cret'), text);
    assert.ok(text.includes('[redacted]'));
  });
});
