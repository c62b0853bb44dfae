import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PcBench } from './pc-bench.js';

const META = 0x08;
const ALT = 0x04;
const TAB = 0x2b;
const F4 = 0x3d;
/** Places at 1280x720. */
const PAUSE_BUTTON = [1182, 320] as const;
const MOTION_CLOSE = [1229, 69] as const;
const NOTES_ICON = [559, 672] as const;
const TERMINAL_TITLE = [300, 69] as const;

const titles = (bench: PcBench) =>
  [...bench.machine.screenText().matchAll(/^\[(.*)\]$/gm)].map((match) => match[1]);

describe('DesktopStage', () => {
  it('gives typed text to the window in front', () => {
    const bench = PcBench.at('desktop');
    bench.type('echo hi\n');
    assert.match(bench.machine.screenText(), /\$ echo hi\nhi\n/);
    bench.click(...NOTES_ICON);
    bench.type('dear diary\n1');
    assert.match(bench.machine.screenText(), /\[Notes\]\ndear diary\n1$/);
  });

  it('moves while the motion window runs, and stands still when it is paused', () => {
    const bench = PcBench.at('desktop');
    bench.picture();
    const moving = bench.hash();
    bench.wait(20);
    assert.notEqual(bench.hash(), moving);
    bench.click(...PAUSE_BUTTON);
    assert.match(bench.machine.screenText(), /torus, paused/);
    bench.picture();
    const still = bench.hash();
    bench.wait(40);
    assert.equal(bench.hash(), still);
  });

  it('raises the window that is clicked, and the back one with Alt+Tab', () => {
    const bench = PcBench.at('desktop');
    assert.equal(titles(bench).at(-1), 'ada@bronya: ~');
    bench.click(300, 450);
    assert.equal(titles(bench).at(-1), 'Journal');
    bench.tap(ALT, TAB);
    assert.equal(titles(bench).at(-1), 'System Monitor');
  });

  it('drags a window by its title and keeps it below the panel', () => {
    const bench = PcBench.at('desktop');
    const before = bench.hash();
    const [x, y] = TERMINAL_TITLE;
    bench.point(1, x, y);
    bench.point(1, x + 100, 0);
    bench.point(0, x + 100, 0);
    assert.notEqual(bench.hash(), before);
    bench.click(x + 100, 40);
    assert.equal(titles(bench).at(-1), 'ada@bronya: ~', 'the title is still there to be clicked');
  });

  it('closes windows by button and by Alt+F4, and opens settings by the Meta key', () => {
    const bench = PcBench.at('desktop');
    bench.click(...MOTION_CLOSE);
    assert.ok(!titles(bench).includes('Motion'));
    bench.tap(META);
    assert.equal(titles(bench).at(-1), 'Settings');
    bench.tap(ALT, F4);
    assert.ok(!titles(bench).includes('Settings'));
    while (titles(bench).length > 0) bench.tap(ALT, F4);
    bench.type('into nothing');
    bench.picture();
  });

  it('does not close a window when the button is released elsewhere', () => {
    const bench = PcBench.at('desktop');
    bench.point(1, ...MOTION_CLOSE);
    bench.point(0, 600, 600);
    assert.ok(titles(bench).includes('Motion'));
  });

  it('shows the lock lamps', () => {
    const bench = PcBench.at('desktop');
    bench.click(...PAUSE_BUTTON);
    bench.picture();
    const before = bench.hash();
    bench.tap(0, 0x53);
    assert.equal(bench.machine.paintDueMs, bench.machine.clock.nowMs);
    assert.notEqual(bench.hash(), before);
  });
});
