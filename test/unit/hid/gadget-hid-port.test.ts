import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  GadgetHidPort,
  POLL_MS,
  PROBE_MS,
  WAKE_DEADLINE_MS,
} from '../../../server/hid/gadget-hid-port.js';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import { FakeHidDevices, FakeHidNode } from '../../fakes/fake-hid-devices.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

const UDC = 'fake.0';
const STATE = `/udc/${UDC}/state`;
const SUSPENDED = `/udc/${UDC}/device/gadget.0/suspended`;
const REPORT = Uint8Array.of(1, 2, 3);

let devices: FakeHidDevices;
let clock: VirtualClock;
let port: GadgetHidPort;
let heard: string[];
let said: string[];
let wakes: number;
let losses: number;
let wake: () => Promise<void>;

beforeEach(() => {
  devices = new FakeHidDevices(UDC, 4);
  clock = new VirtualClock();
  heard = [];
  said = [];
  wakes = 0;
  losses = 0;
  wake = async () => {};
  const log = (_: object, text: string) => void said.push(text);
  port = new GadgetHidPort({
    logger: { ...silentLogger, warn: log, error: log },
    wake: () => {
      wakes += 1;
      return wake();
    },
    lost: () => {
      losses += 1;
    },
    files: devices,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    createWatcher: devices.createWatcher,
    udcRoot: '/udc',
  });
});

function attach(functions: readonly HidFunction[] = HID_FUNCTIONS): void {
  port.attach({ udc: UDC, devices: new Map(functions.map((fn, n) => [fn, `240:${n}`])) });
}

function listen(): void {
  port.listen({
    writable: (fn) => void heard.push(`writable ${fn}`),
    ledReport: (bits) => void heard.push(`lamps ${bits}`),
    stateChanged: (state) => void heard.push(state),
  });
}

const take = () => heard.splice(0);

describe('the port and its devices', () => {
  beforeEach(() => {
    listen();
    attach();
    take();
  });

  it('writes each function to the node with its device number, whatever the node is called', () => {
    port.detach();
    devices.nodes.clear();
    ['240:3', '240:1', '240:0', '240:2'].forEach((device, n) => {
      devices.nodes.set(`/dev/hidg${n}`, new FakeHidNode(device));
    });
    attach();
    for (const fn of HID_FUNCTIONS) assert.equal(port.write(fn, REPORT), 'written');
    for (let n = 0; n < 4; n += 1) assert.deepEqual(devices.node(n).take(), ['010203']);
    port.write('keyboard', Uint8Array.of(9));
    assert.deepEqual(devices.node(2).take(), ['09']);
  });

  it('says again while the host has not fetched the last report, and writable when it has', () => {
    devices.node(0).room = 1;
    assert.equal(port.write('keyboard', REPORT), 'written');
    assert.equal(port.write('keyboard', REPORT), 'again');
    assert.deepEqual(take(), []);
    devices.node(0).room = 1;
    assert.ok(devices.fire('/dev/hidg0', { write: true }));
    assert.deepEqual(take(), ['writable keyboard']);
    clock.advance(100);
    assert.deepEqual(take(), [], 'told once');
  });

  it('does not rely on the watcher: tries again by time, less and less often', () => {
    devices.node(0).room = 0;
    assert.equal(port.write('keyboard', REPORT), 'again');
    const tries: number[] = [];
    for (let ms = 1; ms <= 4000; ms += 1) {
      clock.advance(1);
      if (!take().includes('writable keyboard')) continue;
      tries.push(ms);
      port.write('keyboard', REPORT);
    }
    assert.deepEqual(tries, [5, 15, 35, 75, 155, 315, 635, 1275, 2275, 3275]);
    devices.node(0).room = 2;
    port.write('keyboard', REPORT);
    devices.node(0).room = 0;
    port.write('keyboard', REPORT);
    clock.advance(5);
    assert.deepEqual(take(), ['writable keyboard'], 'a report that was taken starts over');
  });

  it('writes again after a signal, and gives up for now after many', () => {
    devices.node(0).failures.push('EINTR', 'EINTR');
    assert.equal(port.write('keyboard', REPORT), 'written');
    devices.node(0).failures.push(...Array<string>(8).fill('EINTR'));
    assert.equal(port.write('keyboard', REPORT), 'again');
  });

  it('says once that the kernel cuts reports short', () => {
    devices.node(1).longest = 2;
    assert.equal(port.write('absolute-mouse', REPORT), 'written');
    port.write('absolute-mouse', REPORT);
    assert.deepEqual(
      said.map((text) => text.includes('short')),
      [true],
    );
  });

  it('is detached after ESHUTDOWN, whatever sysfs says, until a host configures it', () => {
    devices.node(0).broken = 'ESHUTDOWN';
    assert.equal(port.write('keyboard', REPORT), 'gone');
    assert.deepEqual(take(), ['detached']);
    assert.equal(port.state, 'detached');
    assert.equal(devices.openPaths.filter((path) => path === '/dev/hidg0').length, 1, 'stays open');
    clock.advance(POLL_MS * 2);
    assert.equal(port.state, 'detached');
    take();
    devices.node(0).broken = null;
    assert.ok(devices.fire('/dev/hidg0', { write: true }));
    assert.deepEqual(take(), ['configured']);
  });

  it('also comes back by time when the watcher stays silent', () => {
    devices.node(0).broken = 'ESHUTDOWN';
    port.write('keyboard', REPORT);
    take();
    let tries = 0;
    port.listen({
      writable: (fn) => {
        tries += 1;
        assert.equal(port.state, 'configured', 'a writer may try');
        port.write(fn, REPORT);
      },
      ledReport: () => {},
      stateChanged: (state) => void heard.push(state),
    });
    clock.advance(20_000);
    assert.ok(tries > 3 && tries < 12, `${tries} tries`);
    assert.deepEqual(take(), [], 'nothing is announced that is not so');
    devices.node(0).broken = null;
    clock.advance(60_000);
    // Once it looks idle and silent; that it takes a report then settles the matter.
    assert.deepEqual(take(), ['configured', 'detached', 'configured']);
  });

  it('closes a broken node and opens the one that takes its place', () => {
    for (const code of ['ENODEV', 'EPIPE', 'EIO']) {
      devices.node(1).failures.push(code);
      assert.equal(port.write('absolute-mouse', REPORT), 'gone', code);
      assert.ok(!devices.openPaths.includes('/dev/hidg1'), 'closed');
      assert.equal(port.state, 'configured', 'the others work on');
      clock.advance(100);
      assert.ok(take().includes('writable absolute-mouse'));
      assert.equal(port.write('absolute-mouse', REPORT), 'written');
    }
  });

  it('looks for a missing node with back-off', () => {
    devices.later = (callback) => void clock.after(0, callback);
    devices.node(2).failures.push('ENODEV');
    const node = devices.node(2);
    devices.nodes.delete('/dev/hidg2');
    // The descriptor of a node that is gone.
    assert.equal(port.write('relative-mouse', REPORT), 'gone');
    clock.advance(60_000);
    assert.equal(port.write('relative-mouse', REPORT), 'gone');
    assert.deepEqual(take(), []);
    devices.nodes.set('/dev/hidg7', node);
    clock.advance(5000);
    assert.deepEqual(take(), ['writable relative-mouse']);
    node.failures.length = 0;
    assert.equal(port.write('relative-mouse', REPORT), 'written');
  });

  it('has nothing for a function that the gadget lacks', () => {
    attach(['keyboard']);
    assert.deepEqual(port.functions, ['keyboard']);
    assert.equal(port.write('consumer', REPORT), 'gone');
    assert.equal(port.state, 'configured');
  });

  it('reads lamp reports at once, those of before it listened too', async () => {
    const node = devices.node(0);
    node.incoming.push([0], [2]);
    assert.ok(devices.fire('/dev/hidg0', { read: true }));
    assert.deepEqual(take(), ['lamps 0', 'lamps 2']);
    node.incoming.push([3]);
    assert.ok(devices.fire('/dev/hidg0', { read: true }), 'it is asked for again');
    assert.deepEqual(take(), ['lamps 3']);
    listen();
    await Promise.resolve();
    assert.deepEqual(take(), ['lamps 3']);
    assert.ok(!devices.fire('/dev/hidg1', { read: true }), 'the mice send nothing');
  });

  it('leaves no descriptor open', () => {
    devices.node(0).room = 0;
    port.write('keyboard', REPORT);
    port.close();
    port.close();
    assert.deepEqual(devices.openPaths, []);
    assert.deepEqual([...devices.watched], []);
    assert.ok(devices.watcherClosed);
    clock.advance(60_000);
    assert.deepEqual(take(), []);
  });
});

describe('the state of the port', () => {
  beforeEach(listen);

  it('is unbound until the gadget is plugged in, or busy', () => {
    assert.equal(port.state, 'unbound');
    assert.equal(port.write('keyboard', REPORT), 'gone');
    port.detach('busy');
    attach();
    port.detach();
    assert.deepEqual(take(), ['busy', 'configured', 'unbound']);
    assert.deepEqual(devices.openPaths, []);
  });

  it('follows sysfs at once where the kernel tells, else at a low rate', () => {
    devices.attributes.set(STATE, 'not attached');
    attach();
    for (const [text, state] of [
      ['powered', null],
      ['default', null],
      ['addressed', null],
      ['configured', 'configured'],
      ['suspended', 'suspended'],
      ['not attached', 'detached'],
    ] as const) {
      take();
      devices.attributes.set(STATE, text);
      assert.ok(devices.fire(STATE, { priority: true }), text);
      assert.deepEqual(take(), state === null ? [] : [state], text);
    }
    devices.attributes.set(STATE, 'configured');
    clock.advance(POLL_MS);
    assert.deepEqual(take(), ['configured']);
    devices.attributes.set(SUSPENDED, '1');
    clock.advance(POLL_MS);
    assert.deepEqual(take(), ['suspended']);
    devices.attributes.set(SUSPENDED, '0');
    clock.advance(POLL_MS);
    assert.deepEqual(take(), ['configured']);
  });

  it('sees a suspended bus when a report is refused', () => {
    attach();
    take();
    devices.attributes.set(SUSPENDED, '1');
    devices.node(0).room = 0;
    assert.equal(port.write('keyboard', REPORT), 'again');
    assert.deepEqual(take(), ['suspended']);
  });

  it('tells of a host that configured it anew while it still read configured', () => {
    attach();
    take();
    assert.ok(devices.fire(STATE, { priority: true }));
    assert.deepEqual(take(), ['configured']);
    clock.advance(POLL_MS * 3);
    assert.deepEqual(take(), [], 'not at each look');
  });

  it('believes news of the state over an earlier refusal', () => {
    attach();
    devices.node(0).failures.push('ESHUTDOWN');
    port.write('keyboard', REPORT);
    assert.equal(port.state, 'detached');
    take();
    assert.ok(devices.fire(STATE, { priority: true }));
    assert.deepEqual(take(), ['configured']);
  });

  it('forgets the lamps of a host that left', async () => {
    attach();
    devices.node(0).incoming.push([2]);
    devices.fire('/dev/hidg0', { read: true });
    devices.attributes.set(STATE, 'not attached');
    devices.fire(STATE, { priority: true });
    take();
    listen();
    await Promise.resolve();
    assert.deepEqual(take(), []);
  });

  it('notices by itself that the host of an idle device is gone, and sends nothing to find out', () => {
    attach();
    take();
    clock.advance(PROBE_MS);
    assert.ok(devices.fire('/dev/hidg0', { write: true }), 'it is there');
    clock.advance(PROBE_MS);
    assert.ok(devices.fire('/dev/hidg0', { write: true }), 'and again');
    clock.advance(PROBE_MS * 2);
    assert.deepEqual(take(), ['detached']);
    assert.deepEqual(devices.node(0).take(), []);
    assert.ok(devices.fire('/dev/hidg0', { write: true }));
    assert.deepEqual(take(), ['configured']);
  });

  it('is unbound and says so when somebody else unplugs the gadget or the controller is gone', () => {
    attach();
    take();
    devices.attributes.set(`/udc/${UDC}/function`, '');
    clock.advance(POLL_MS);
    assert.deepEqual(take(), ['unbound']);
    assert.equal(losses, 1);
    devices.attributes.set(`/udc/${UDC}/function`, 'mykvm');
    clock.advance(POLL_MS);
    devices.attributes.delete(STATE);
    clock.advance(POLL_MS);
    assert.deepEqual(take(), ['configured', 'unbound']);
    assert.equal(losses, 2);
  });
});

describe('waking the host', () => {
  beforeEach(() => {
    listen();
    devices.attributes.set(SUSPENDED, '1');
    attach();
    take();
  });

  it('asks once at a time and looks often until it is awake', () => {
    void port.wake();
    void port.wake();
    assert.equal(wakes, 1);
    devices.attributes.set(SUSPENDED, '0');
    clock.advance(20);
    assert.deepEqual(take(), ['configured']);
    void port.wake();
    assert.equal(wakes, 1, 'a host that is awake is left alone');
    assert.deepEqual(said, []);
  });

  it('says in one sentence that it was in vain, once', () => {
    for (let tries = 0; tries < 3; tries += 1) {
      void port.wake();
      clock.advance(WAKE_DEADLINE_MS);
    }
    assert.equal(wakes, 3);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /did not wake up by USB.*driver/);
  });

  it('answers everybody who asked: awake, still asleep, unplugged meanwhile', async () => {
    const first = [port.wake(), port.wake()];
    devices.attributes.set(SUSPENDED, '0');
    clock.advance(20);
    assert.deepEqual(await Promise.all(first), [true, true]);
    assert.equal(await port.wake(), true, 'it is awake');
    devices.attributes.set(SUSPENDED, '1');
    clock.advance(250);
    const second = port.wake();
    clock.advance(WAKE_DEADLINE_MS);
    assert.equal(await second, false);
    const third = port.wake();
    port.detach();
    assert.equal(await third, false);
    assert.equal(await port.wake(), false, 'nobody is there');
  });

  it('survives a wake that cannot be asked for', async () => {
    wake = () => Promise.reject(new Error('no srp'));
    void port.wake();
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(said.length, 1);
  });
});
