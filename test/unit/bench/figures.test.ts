import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Figures } from '../../bench/figures.js';
import { judge } from '../../bench/goals.js';
import { quantile } from '../../bench/quantiles.js';
import { markdownTable, rounded, writeIntoDocument } from '../../bench/report-table.js';
import { bitrateOf, readPictures, writePictures } from '../../bench/rig/picture-file.js';

test('quantiles lie between the values', () => {
  assert.equal(quantile([30, 10, 20], 0.5), 20);
  assert.equal(quantile([10, 20], 0.5), 15);
  assert.equal(quantile([0, 100], 0.95), 95);
  assert.equal(quantile([7], 0.99), 7);
  assert.throws(() => quantile([], 0.5), /no values/);
});

test('a figure is the median of its runs, its ratio that of the medians', () => {
  const figures = new Figures();
  for (const value of [10, 30, 20]) figures.addRun('group', 'webrtc', 'p50', 'ms', value);
  for (const value of [8, 16, 10]) figures.addRun('group', 'reference', 'p50', 'ms', value);
  figures.add('alone', '%', 3);
  assert.deepEqual(
    [...figures.byName],
    [
      ['group.webrtc.p50', { value: 20, unit: 'ms', reference: 10, ratio: 2, runs: [10, 30, 20] }],
      ['alone', { value: 3, unit: '%', reference: null, ratio: null, runs: [3] }],
    ],
  );
});

test('goals are judged by the ratio or the value, whichever they name', () => {
  const figures = new Figures();
  const carrier = 'glass_to_glass.720p60.typing';
  figures.addRun(carrier, 'webrtc', 'p50', 'ms', 12);
  figures.addRun(carrier, 'webrtc', 'p95', 'ms', 12);
  figures.addRun(carrier, 'reference', 'p50', 'ms', 10);
  figures.addRun(carrier, 'reference', 'p95', 'ms', 10);
  figures.add('memory.1mbit.2_viewers.rss', 'MB', 121);
  figures.add('idle.cpu', '% of a core', 0.4);
  assert.deepEqual(judge(figures.byName), {
    reached: 2,
    missed: [
      'glass_to_glass.720p60.typing.webrtc.p50: 1.20 × the reference, the goal is at most 1.1 ×',
      'memory.1mbit.2_viewers.rss: 121.0 MB, the goal is at most 120 MB',
    ],
  });
});

test('numbers keep three digits', () => {
  assert.deepEqual([0, 0.1234, 1.234, 12.34, 123.4, 1234.5].map(rounded), [
    '0',
    '0.123',
    '1.23',
    '12.3',
    '123',
    '1235',
  ]);
});

test('the table replaces what stood between the marks and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mykvm-bench-test-'));
  const path = join(folder, 'page.md');
  try {
    const marks = ['<!-- bench:begin (written by make bench) -->', '<!-- bench:end -->'];
    await writeFile(path, `before\n${marks[0]}\nold\n${marks[1]}\nafter\n`);
    const machine = { date: 'D', cpu: 'C', cores: 2, memoryGb: 4, system: 'S', load: 1 };
    const figures = new Figures();
    figures.add('a.b', 'ms', 5);
    await writeIntoDocument(path, markdownTable(figures.byName, machine, 3));
    const text = await readFile(path, 'utf8');
    assert.match(text, /^before\n<!--.*-->\nTaken D UTC on 2 cores of C/);
    assert.match(text, /\| `a\.b` \| 5\.00 \| ms \|/);
    assert.ok(text.endsWith(`\n${marks[1]}\nafter\n`) && !text.includes('old'));
    await writeFile(path, 'no marks');
    await assert.rejects(writeIntoDocument(path, ''), /lacks the marks/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('recorded pictures come back as they were', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mykvm-bench-test-'));
  try {
    const units = [
      { data: Buffer.from([1, 2, 10, 3]), keyframe: true },
      { data: Buffer.from([9]), keyframe: false },
    ];
    const pictures = { width: 64, height: 32, frameRate: 30, units };
    const path = join(folder, 'pictures');
    await writePictures(path, pictures);
    assert.deepEqual(await readPictures(path), pictures);
    assert.equal(bitrateOf(pictures), (5 * 8 * 30) / 2);
  } finally {
    await rm(folder, { recursive: true });
  }
});
