import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENTER, LETTER_A, PcBench } from './pc-bench.js';

const LEFT = 0x50;
const UP = 0x52;
const HOME = 0x4a;
const BACKSPACE = 0x2a;
const TAB = 0x2b;
const PAGE_UP = 0x4b;
const CTRL = 0x01;
const SHIFT = 0x02;
const KEY_C = 0x06;

const lastLine = (bench: PcBench) => bench.machine.screenText().split('\n').at(-1);

describe('Shell', () => {
  it('edits within the line', () => {
    const bench = PcBench.at('console');
    bench.type('ech hi');
    for (let step = 0; step < 3; step++) bench.tap(0, LEFT);
    bench.type('o');
    bench.tap(0, HOME);
    bench.type('xx');
    bench.tap(0, BACKSPACE);
    bench.tap(0, BACKSPACE);
    assert.equal(lastLine(bench), 'ada@bronya:~$ echo hi');
    bench.tap(0, ENTER);
    assert.match(bench.machine.screenText(), /echo hi\nhi\nada@bronya:~\$$/);
  });

  it('recalls earlier lines and completes names', () => {
    const bench = PcBench.at('console');
    bench.type('echo one\n');
    bench.type('echo two\n');
    bench.tap(0, UP);
    bench.tap(0, UP);
    assert.equal(lastLine(bench), 'ada@bronya:~$ echo one');
    bench.tap(CTRL, KEY_C);
    bench.type('ab');
    bench.tap(0, TAB);
    assert.equal(lastLine(bench), 'ada@bronya:~$ about');
  });

  it('names unknown commands', () => {
    const bench = PcBench.at('console');
    bench.type('constructor\n');
    assert.match(bench.machine.screenText(), /constructor: command not found/);
  });

  it('prints lines over time until Ctrl+C, and scrolls back by Shift and Page Up', () => {
    const bench = PcBench.at('console');
    bench.type('scroll 1000\n');
    bench.wait(3000);
    bench.type('lost');
    bench.tap(CTRL, KEY_C);
    const stopped = bench.machine.screenText();
    bench.wait(3000);
    assert.equal(bench.machine.screenText(), stopped);
    assert.match(stopped, /\^C\nada@bronya:~\$$/);
    bench.tap(SHIFT, PAGE_UP);
    assert.notEqual(bench.machine.screenText(), stopped);
    bench.tap(0, LETTER_A);
    assert.equal(lastLine(bench), 'ada@bronya:~$ a');
  });

  it('tells the virtual date', () => {
    const bench = PcBench.at('console');
    bench.type('date\n');
    assert.match(bench.machine.screenText(), /Sun, 22 Nov 2026 18:14:02 GMT/);
  });
});
