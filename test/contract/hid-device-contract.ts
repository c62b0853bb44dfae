import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { FdEvents, FdReady, FdWatcher } from '../../native/index.js';
import type { DeviceFiles } from '../../server/hid/device-files.js';
import { until } from '../e2e/until.js';

/** A keyboard of a gadget that a host has configured: the kernel's, or what stands for it in the unit tests. */
export interface HidDeviceWorld {
  files: DeviceFiles;
  createWatcher(ready: FdReady): FdWatcher;
  /** major:minor of the keyboard's character device. */
  device: string;
  /** The controller in sysfs. */
  udc: string;
  /** The host asks for reports, or asks for none, as without a driver. */
  setFetching(fetching: boolean): Promise<void> | void;
  /** The host takes the configuration away, or gives it again. */
  setConfigured(configured: boolean): Promise<void> | void;
  /** The host switches the lamp of Caps Lock. */
  setCapsLock(on: boolean): void;
  close(): Promise<void> | void;
}

const REPORT = Uint8Array.of(0, 0, 0x04, 0, 0, 0, 0, 0);
const NOTHING = new Uint8Array(8);
const CAPS_LOCK = 0x02;
/** No controller keeps so many reports. */
const MANY = 8;

/** What ReportDevice and UdcStatus rely on, on the kernel's devices and on the fake ones alike. */
export function hidDeviceContract(
  name: string,
  open: () => Promise<HidDeviceWorld> | HidDeviceWorld,
): void {
  describe(`the keyboard's device in ${name}`, () => {
    let world: HidDeviceWorld;
    let watcher: FdWatcher;
    let fd: number;
    let told: Array<{ fd: number; events: Required<FdEvents> }>;

    beforeEach(async () => {
      world = await open();
      told = [];
      watcher = world.createWatcher((ready, events) => void told.push({ fd: ready, events }));
      const path = world.files.findHidNode(world.device);
      assert.ok(path);
      fd = world.files.open(path, 'read-write');
      readAll();
    });
    afterEach(async () => {
      watcher.close();
      world.files.close(fd);
      await world.close();
    });

    /** What the host has sent so far. */
    function readAll(): number[] {
      const bytes: number[] = [];
      const buffer = new Uint8Array(8);
      for (;;) {
        try {
          assert.equal(world.files.read(fd, buffer), 1);
          bytes.push(buffer[0] ?? 0);
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
          return bytes;
        }
      }
    }

    /** Writes until the device takes no more; the errno of the write that it refused. */
    function fill(): { taken: number; code: string | undefined } {
      for (let taken = 0; taken < MANY; taken++) {
        try {
          assert.equal(world.files.write(fd, taken % 2 === 0 ? REPORT : NOTHING), REPORT.length);
        } catch (error) {
          return { taken, code: (error as NodeJS.ErrnoException).code };
        }
      }
      return { taken: MANY, code: undefined };
    }

    it('has a node of its number; no other number has one', () => {
      assert.match(world.files.findHidNode(world.device) ?? '', /^\/dev\/hidg\d+$/);
      assert.equal(world.files.findHidNode('0:0'), null);
    });

    it('takes whole reports, and more when the host has fetched them', async () => {
      for (const report of [REPORT, NOTHING, REPORT, NOTHING]) {
        watcher.watch(fd, { write: true });
        await until('room', () => told.some(({ events }) => events.write));
        told.length = 0;
        assert.equal(world.files.write(fd, report), report.length);
      }
    });

    it('refuses with EAGAIN what the host does not fetch, and tells when there is room again', async () => {
      await world.setFetching(false);
      const { taken, code } = fill();
      assert.ok(taken >= 1 && taken <= 2, `${taken} taken`);
      assert.equal(code, 'EAGAIN');
      watcher.watch(fd, { read: false, write: true });
      assert.equal(told.length, 0);
      await world.setFetching(true);
      await until('room', () => told.some((news) => news.fd === fd && news.events.write));
      assert.equal(world.files.write(fd, NOTHING), NOTHING.length);
    });

    it('refuses with ESHUTDOWN without a configuration, of which nothing tells; then the same descriptor works', async () => {
      const stateFd = world.files.open(`${world.udc}/state`, 'read');
      assert.equal(world.files.readAttribute(stateFd), 'configured');
      await world.setConfigured(false);
      assert.throws(() => world.files.write(fd, REPORT), { code: 'ESHUTDOWN' });
      watcher.watch(fd, { read: true, write: true });
      watcher.watch(stateFd, { priority: true });
      assert.equal(told.length, 0);
      await world.setConfigured(true);
      await until('news of the state', () => told.some((news) => news.fd === stateFd));
      assert.ok(told.find((news) => news.fd === stateFd)?.events.priority);
      assert.equal(world.files.readAttribute(stateFd), 'configured');
      assert.equal(world.files.write(fd, NOTHING), NOTHING.length);
      watcher.forget(stateFd);
      world.files.close(stateFd);
    });

    it("tells of the host's reports, one byte each", async () => {
      for (const on of [true, false]) {
        watcher.watch(fd, { read: true });
        world.setCapsLock(on);
        await until('a report', () => told.some((news) => news.fd === fd && news.events.read));
        told.length = 0;
        assert.deepEqual(
          readAll().map((lamps) => lamps & CAPS_LOCK),
          [on ? CAPS_LOCK : 0],
        );
      }
    });

    it('says in sysfs which gadget the controller has and whether the bus sleeps', () => {
      assert.ok(world.files.list(world.udc).includes('function'));
      const gadget = world.files.list(`${world.udc}/device`).find((entry) => /^gadget/.test(entry));
      assert.ok(gadget);
      const suspended = world.files.open(`${world.udc}/device/${gadget}/suspended`, 'read');
      assert.equal(world.files.readAttribute(suspended), '0');
      world.files.close(suspended);
    });

    it('a descriptor that is closed cannot be watched', () => {
      const closed = world.files.open(world.files.findHidNode(world.device) ?? '', 'read-write');
      world.files.close(closed);
      assert.throws(() => watcher.watch(closed, { read: true }), { code: 'EBADF' });
    });
  });
}
