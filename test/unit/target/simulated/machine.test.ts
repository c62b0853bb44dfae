import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENTER, keys, LETTER_A, mouseAt, PcBench } from './pc-bench.js';

const CTRL_ALT = 0x05;
const DELETE = 0x4c;
const CAPS = 0x39;
const POWER = 0x66;
const F12 = 0x45;

const sizes = (bench: PcBench) =>
  bench.signals.map(({ state, width, height }) => (state === 'ok' ? `${width}x${height}` : state));

describe('Machine: booting', () => {
  it('goes from off through POST and boot menu to the desktop by itself', () => {
    const bench = new PcBench();
    assert.equal(bench.machine.signal.state, 'no-signal');
    assert.equal(bench.machine.hidState, 'detached');
    bench.machine.powerOn();
    bench.wait(30_000);
    assert.deepEqual(sizes(bench), ['720x400', 'no-signal', '640x480', 'no-signal', '1280x720']);
    assert.equal(bench.machine.stageName, 'desktop');
  });

  it('leaves 300 to 600 ms without a signal at each change of mode', () => {
    for (let seed = 0; seed < 20; seed++) {
      const bench = new PcBench(seed);
      bench.machine.powerOn();
      bench.wait(30_000);
      for (const [index, signal] of bench.signals.entries()) {
        if (signal.state === 'ok') continue;
        const gapMs = (bench.signals[index + 1]?.atMs ?? 0) - signal.atMs;
        assert.ok(gapMs >= 300 && gapMs <= 600, `seed ${seed}: ${gapMs}`);
      }
    }
  });

  it('enumerates the keyboard with all lamps off before the first picture', () => {
    const bench = new PcBench();
    bench.machine.powerOn();
    bench.wait(600);
    assert.deepEqual(bench.events, ['leds 0', 'hid configured', 'signal ok']);
  });

  it('counts memory up to 65536K', () => {
    const bench = new PcBench();
    bench.machine.powerOn();
    bench.wait(700);
    assert.match(bench.machine.screenText(), /Memory Testing : 8192K\n/);
    bench.wait(2000);
    assert.match(bench.machine.screenText(), /Memory Testing : 65536K OK/);
  });

  it('waits at the boot menu after F12, where arrows and Enter choose the console', () => {
    const bench = PcBench.at('post');
    bench.tap(0, F12);
    bench.wait(30_000);
    assert.equal(bench.machine.stageName, 'menu');
    bench.tap(0, 0x51);
    assert.match(bench.machine.screenText(), /> Duskline text console/);
    bench.tap(0, ENTER);
    bench.wait(1000);
    assert.equal(bench.machine.stageName, 'console');
  });

  it('goes on while nobody paints', () => {
    const bench = PcBench.at('desktop');
    const before = bench.machine.screenText();
    bench.wait(10_000);
    assert.notEqual(bench.machine.screenText(), before, 'the journal has grown');
  });
});

describe('Machine: pictures', () => {
  /** A life with boot, typing, mouse, scrolling, windows and a mode change, as fingerprints of its pictures. */
  const life = (seed: number): string[] => {
    const bench = new PcBench(seed);
    const hashes: string[] = [];
    bench.machine.powerOn();
    for (let second = 0; second < 14; second++) {
      bench.wait(1000);
      if (bench.machine.signal.state === 'ok') hashes.push(bench.hash());
    }
    bench.type('scroll 40\n');
    bench.point(1, 400, 70);
    bench.point(1, 500, 200);
    bench.point(0, 500, 200);
    for (let frame = 0; frame < 20; frame++) {
      bench.wait(1000 / 60);
      hashes.push(bench.hash());
    }
    bench.tap(0x08);
    bench.type('x');
    bench.wait(2000);
    hashes.push(bench.hash());
    return hashes;
  };

  it('are the same for the same seed and reports', () => {
    assert.deepEqual(life(11), life(11));
  });

  it('differ for another seed', () => {
    assert.notDeepEqual(life(11), life(12));
  });

  for (const stage of ['post', 'menu', 'console', 'desktop'] as const) {
    it(`of the ${stage} painted in small steps equal one painted at once`, () => {
      const bench = PcBench.at(stage);
      for (let frame = 0; frame < 150; frame++) {
        if (frame === 20) bench.type('help\n');
        if (frame === 30) bench.type('scroll 60\n');
        if (frame > 40 && frame < 60) bench.point(1, 300 + frame * 7, 70 + frame * 2);
        if (frame === 60) bench.click(560, 675);
        if (frame === 70) bench.type('note');
        bench.wait(1000 / 60);
        if (bench.machine.signal.state === 'ok') bench.picture();
      }
      const stepwise = bench.hash();
      bench.machine.invalidate();
      assert.equal(bench.hash(), stepwise);
    });
  }

  it('change with a typed key, at once', () => {
    const bench = PcBench.at('console');
    const before = bench.hash();
    bench.tap(0, LETTER_A);
    assert.equal(bench.machine.paintDueMs, bench.machine.clock.nowMs);
    assert.notEqual(bench.hash(), before);
    assert.match(bench.machine.screenText(), /\$ a$/);
  });

  it('stand still in an untouched console', () => {
    const bench = PcBench.at('console');
    bench.wait(15_000);
    bench.picture();
    assert.equal(bench.machine.paintDueMs, Number.POSITIVE_INFINITY);
    assert.equal(bench.machine.clock.nextMs, Number.POSITIVE_INFINITY);
  });
});

describe('Machine: modes', () => {
  for (const mode of ['1024x768', '1280x800', '1280x960', '1920x1080']) {
    it(`switches to ${mode} from the console, with a gap`, () => {
      const bench = PcBench.at('console');
      bench.signals.length = 0;
      for (const character of `mode ${mode}\n`) bench.type(character);
      assert.equal(bench.machine.signal.state, 'no-signal');
      assert.equal(bench.machine.paintDueMs, Number.POSITIVE_INFINITY);
      bench.wait(700);
      assert.deepEqual(sizes(bench), ['no-signal', mode]);
      assert.match(bench.machine.screenText(), new RegExp(`mode ${mode}`));
    });
  }

  it('switches from the settings window by mouse', () => {
    const bench = PcBench.at('desktop');
    bench.keyboard(0x08);
    bench.keyboard(0);
    bench.click(450 + 90, 150 + 30 + 60);
    bench.wait(700);
    assert.equal(`${bench.machine.signal.width}x${bench.machine.signal.height}`, '1024x768');
    bench.picture();
  });

  it('keeps the chosen mode over a change from console to desktop', () => {
    const bench = PcBench.at('console');
    bench.type('mode 1280x800\n');
    bench.wait(700);
    bench.type('desktop\n');
    bench.wait(700);
    assert.equal(bench.machine.stageName, 'desktop');
    assert.equal(bench.machine.signal.height, 800);
  });
});

describe('Machine: modes that cross', () => {
  it('ends in the last mode that was asked for', () => {
    for (let seed = 0; seed < 10; seed++) {
      const bench = PcBench.at('console', seed);
      bench.type('mode 1024x768\n');
      bench.wait(100);
      bench.type('mode 1280x800\n');
      bench.wait(2000);
      assert.deepEqual(bench.machine.signal.height, 800, `seed ${seed}`);
    }
  });

  it('shows nothing when the PC fell asleep in the gap', () => {
    const bench = PcBench.at('console');
    bench.type('sleep\n');
    bench.wait(900);
    bench.type('mode 1024x768\n');
    bench.wait(5000);
    assert.equal(bench.machine.signal.state, 'no-signal');
    bench.keyboard(0, LETTER_A);
    bench.wait(500);
    assert.equal(bench.machine.signal.width, 1024);
  });
});

describe('Machine: input', () => {
  it('answers each report with one poll', () => {
    const bench = PcBench.at('console');
    bench.tap(0, LETTER_A);
    bench.machine.receive('absolute-mouse', mouseAt(0, 5, 5));
    bench.machine.receive('relative-mouse', new Uint8Array(5));
    bench.machine.receive('consumer', new Uint8Array(2));
    assert.deepEqual(bench.polled, [
      'keyboard',
      'keyboard',
      'absolute-mouse',
      'relative-mouse',
      'consumer',
    ]);
  });

  it('lights Caps Lock and types capitals', () => {
    const bench = PcBench.at('console');
    bench.tap(0, CAPS);
    bench.type('abc');
    assert.deepEqual(bench.leds, [0, 2]);
    assert.equal(bench.typed, 'ABC');
    assert.match(bench.machine.screenText(), /\$ ABC$/);
  });

  it('types at 30 characters a second while a key is held', () => {
    const bench = PcBench.at('console');
    bench.keyboard(0, LETTER_A);
    bench.wait(1499);
    bench.keyboard(0);
    assert.equal(bench.typed.length, 31);
  });

  it('throws reports away while the bus is down, but answers them', () => {
    const bench = new PcBench();
    bench.machine.powerOn();
    bench.machine.receive('keyboard', keys(0, LETTER_A));
    assert.deepEqual(bench.polled, ['keyboard']);
    bench.wait(1000);
    assert.equal(bench.typed, '');
  });
});

describe('Machine: power', () => {
  it('restarts on Ctrl+Alt+Del, through a bus reset, back to POST', () => {
    const bench = PcBench.at('console');
    bench.tap(0, CAPS);
    bench.events.length = 0;
    bench.keyboard(CTRL_ALT, DELETE);
    assert.deepEqual(bench.events, ['signal no-signal', 'hid detached']);
    bench.wait(600);
    assert.equal(bench.machine.stageName, 'post');
    assert.deepEqual(bench.events.slice(2), ['leds 0', 'hid configured', 'signal ok']);
  });

  it('restarts once, however long Ctrl+Alt+Del is held over the reset', () => {
    const bench = PcBench.at('console');
    bench.keyboard(CTRL_ALT, DELETE);
    bench.wait(600);
    bench.signals.length = 0;
    bench.keyboard(CTRL_ALT, DELETE);
    bench.wait(1000);
    assert.deepEqual(bench.signals, []);
    bench.keyboard(0);
    bench.keyboard(CTRL_ALT, DELETE);
    assert.equal(bench.machine.signal.state, 'no-signal');
  });

  it('sleeps without a signal on a suspended bus, and a key wakes it to the same picture and is typed', () => {
    const bench = PcBench.at('console');
    for (const character of 'sleep\n') bench.type(character);
    bench.wait(1500);
    assert.equal(bench.machine.signal.state, 'no-signal');
    assert.equal(bench.machine.hidState, 'suspended');
    bench.polled.length = 0;
    bench.keyboard(0, LETTER_A);
    assert.deepEqual(bench.polled, [], 'it waits in the gadget');
    bench.wait(500);
    assert.deepEqual(bench.polled, ['keyboard']);
    assert.equal(bench.machine.hidState, 'configured');
    assert.equal(bench.machine.signal.state, 'ok');
    assert.match(bench.machine.screenText(), /sleep\n.*\$ a$/);
    assert.ok(!bench.events.slice(-3).includes('hid detached'));
  });

  it('wakes by the mouse', () => {
    const bench = PcBench.at('console');
    bench.type('sleep\n');
    bench.wait(1500);
    bench.machine.receive('relative-mouse', Uint8Array.from([0, 1, 0, 0, 0]));
    bench.wait(500);
    assert.equal(bench.machine.signal.state, 'ok');
  });

  for (const [page, down, up] of [
    ['consumer', [1, 0x32, 0], [1, 0, 0]],
    ['system', [2, 2], [2, 0]],
  ] as const) {
    it(`sleeps by the sleep key of the ${page} page, whose release does not wake it`, () => {
      const bench = PcBench.at('console');
      bench.machine.receive('consumer', Uint8Array.from(down));
      bench.machine.receive('consumer', Uint8Array.from(up));
      bench.wait(1500);
      assert.equal(bench.machine.hidState, 'suspended');
      assert.equal(bench.machine.signal.state, 'no-signal');
      bench.machine.receive('consumer', Uint8Array.from([2, 3]));
      bench.wait(500);
      assert.equal(bench.machine.signal.state, 'ok');
    });
  }

  it('is switched off by a command and on by any key, not by the mouse or a release', () => {
    const bench = PcBench.at('console');
    bench.type('poweroff\n');
    assert.equal(bench.machine.signal.state, 'no-signal');
    assert.equal(bench.machine.hidState, 'suspended');
    assert.equal(bench.machine.clock.nextMs, Number.POSITIVE_INFINITY);
    bench.keyboard(0);
    bench.machine.receive('absolute-mouse', mouseAt(1, 5, 5));
    bench.wait(5000);
    assert.equal(bench.machine.signal.state, 'no-signal');
    bench.keyboard(0, LETTER_A);
    bench.wait(700);
    assert.equal(bench.machine.stageName, 'post');
  });

  it('is switched off and on by the power key and by the consumer control', () => {
    const bench = PcBench.at('console');
    bench.tap(0, POWER);
    assert.equal(bench.machine.signal.state, 'no-signal');
    bench.tap(0, POWER);
    bench.wait(700);
    assert.equal(bench.machine.stageName, 'post');
    bench.machine.receive('consumer', Uint8Array.from([2, 1]));
    assert.equal(bench.machine.signal.state, 'no-signal');
    bench.machine.receive('consumer', Uint8Array.from([1, 0, 0]));
    bench.machine.receive('consumer', Uint8Array.from([2, 0]));
    assert.equal(bench.machine.signal.state, 'no-signal');
    bench.machine.receive('consumer', Uint8Array.from([1, 0x30, 0]));
    bench.wait(700);
    assert.equal(bench.machine.stageName, 'post');
  });

  it('answers reports that wait for a wake-up when the power goes first', () => {
    const bench = PcBench.at('console');
    bench.type('sleep\n');
    bench.wait(1500);
    bench.polled.length = 0;
    bench.keyboard(0, LETTER_A);
    bench.machine.powerOff();
    assert.deepEqual(bench.polled, ['keyboard']);
  });
});
