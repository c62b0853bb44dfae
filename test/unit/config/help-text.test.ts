import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { helpText, optionsMarkdown } from '../../../server/config/help-text.js';
import { OPTIONS } from '../../../server/config/options.js';

describe('help text', () => {
  it('lists test options apart from the others', () => {
    const [normal = '', forTests = ''] = helpText().split('For tests:');
    assert.ok(!normal.includes('--test-marks'));
    assert.ok(forTests.includes('--test-marks'));
    assert.match(normal, /-p, --port N +.*\[8443\]/);
  });

  it('gives the documentation one row for each option', () => {
    const rows = optionsMarkdown().trim().split('\n').slice(2);
    assert.equal(rows.length, Object.keys(OPTIONS).length);
    assert.match(
      rows.find((row) => row.includes('--bitrate-floor')) ?? '',
      /MYKVM_BITRATE_FLOOR.*200000.*not above --bitrate/,
    );
  });

  it('has no flag or short form twice', () => {
    const options = Object.values(OPTIONS);
    const flags = options.map(({ flag }) => flag);
    const shorts = options.flatMap((option) => ('short' in option ? [option.short] : []));
    assert.equal(new Set(flags).size, flags.length);
    assert.equal(new Set(shorts).size, shorts.length);
  });
});
