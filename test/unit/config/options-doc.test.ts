import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { optionsMarkdown } from '../../../server/config/help-text.js';

test('docs/options.md is what the table of options says (make docs writes it)', () => {
  const text = readFileSync(new URL('../../../../docs/options.md', import.meta.url), 'utf8');
  assert.equal(text.slice(text.indexOf('| flag')).trim(), optionsMarkdown().trim());
});
