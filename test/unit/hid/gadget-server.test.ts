import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { OPEN_DEADLINE_MS } from '../../../server/hid/gadget-connection.js';
import type { GadgetError } from '../../../server/hid/gadget-error.js';
import { GadgetServer } from '../../../server/hid/gadget-server.js';
import { gadgetLine } from '../../../server/hid/gadget-wire.js';
import { RemoteGadget } from '../../../server/hid/remote-gadget.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import { until } from '../../e2e/until.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { type GadgetServiceWorld, openGadgetService } from '../../fakes/gadget-service-world.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

const identity = {
  vendorId: 1,
  productId: 2,
  manufacturer: 'M',
  product: 'P',
  serial: 'S',
  maxPowerMilliamperes: 100,
};
const OPEN = gadgetLine({ act: 'open', version: 1, udc: null, identity });
const CREATE = gadgetLine({ act: 'create', functions: ['keyboard'] });

let world: GadgetServiceWorld;
let files: FakeConfigfs;
let clock: VirtualClock;
const said: string[] = [];

beforeEach(async () => {
  files = new FakeConfigfs(['fake.0']);
  clock = new VirtualClock();
  const warn = (_context: object, message: string) => void said.push(message);
  world = await openGadgetService(
    { files, gadgetRoot: FAKE_GADGET_ROOT, udcRoot: FAKE_UDC_ROOT, udc: 'fake.0' },
    { ...silentLogger, warn },
    (delayMs, callback) => clock.after(delayMs, callback),
  );
});
afterEach(async () => {
  said.length = 0;
  await world.close();
});

const gadgets = () => files.list(FAKE_GADGET_ROOT);

/** All that the service says until it closes. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  await once(socket, 'close');
  return text;
}

async function ask(socket: Socket, line: string): Promise<string> {
  socket.write(line);
  const [reply] = await once(socket, 'data');
  return String(reply);
}

describe('the USB service', () => {
  it('lets its peer use what it has bound, each time', async () => {
    const gadget = world.makeControl({ identity, udc: null });
    await gadget.create(HID_FUNCTIONS);
    assert.equal(world.granted.length, 0);
    await gadget.bind();
    await gadget.setFunctions(['keyboard']);
    await gadget.bind();
    assert.deepEqual(
      world.granted.map(({ devices }) => devices.size),
      [HID_FUNCTIONS.length, 1],
    );
    await gadget.remove();
  });

  it('takes the gadget away when its peer dies, and then serves the next', async () => {
    const socket = connect(world.socketPath);
    assert.equal(await ask(socket, OPEN), '{"ok":true}\n');
    assert.equal(await ask(socket, CREATE), '{"ok":true}\n');
    assert.match(await ask(socket, gadgetLine({ act: 'bind' })), /"udc":"fake.0"/);
    assert.equal(files.tree('mykvm')['UDC'], 'fake.0');
    socket.destroy();
    await until('the gadget to be removed', async () => (await gadgets()).length === 0);
    const next = world.makeControl({ identity, udc: null });
    await next.create(['keyboard']);
    assert.equal((await next.bind()).udc, 'fake.0');
    await next.remove();
    assert.deepEqual(await gadgets(), []);
  });

  it('serves one process at a time', async () => {
    const first = world.makeControl({ identity, udc: null });
    await first.create(['keyboard']);
    const second = world.makeControl({ identity, udc: null });
    await assert.rejects(second.create(['keyboard']), /Another MyKVM is using the USB service/);
    assert.equal((await first.bind()).udc, 'fake.0');
    await first.remove();
  });

  const wrong: Array<[string, string, RegExp]> = [
    ['noise', 'GET / HTTP/1.1\r\n', /no request/],
    ['an act before it is opened', CREATE, /"create" at the wrong time/],
    ['two requests at once', OPEN + CREATE, /two requests at once/],
    ['a line without end', 'x'.repeat(5000), /too long/],
    ['a long line', `${' '.repeat(3000)}${OPEN}`, /too long/],
  ];
  for (const [what, bytes, reason] of wrong) {
    it(`closes the connection on ${what}, and does nothing`, async () => {
      const socket = connect(world.socketPath);
      socket.write(bytes);
      assert.equal(await untilClosed(socket), '');
      assert.match(said.join('; '), reason);
      assert.deepEqual(files.journal, []);
    });
  }

  it('closes the connection on a request before the last reply', async () => {
    let go = () => {};
    const asked = new Promise<void>((resolve) => {
      files.makeDirectory = () => {
        resolve();
        return new Promise((done) => {
          go = done;
        });
      };
    });
    const socket = connect(world.socketPath);
    await ask(socket, OPEN);
    socket.write(CREATE);
    await asked;
    socket.write(CREATE);
    await once(socket, 'close');
    assert.match(said[0] ?? '', /before the reply/);
    files.makeDirectory = FakeConfigfs.prototype.makeDirectory;
    go();
  });

  it('does not wait for one that asks for nothing, and serves the next', async () => {
    const silent = connect(world.socketPath);
    // Half a request is none.
    silent.write(OPEN.slice(0, -1));
    await once(silent, 'connect');
    const gadget = world.makeControl({ identity, udc: null });
    await assert.rejects(gadget.create(['keyboard']), /Another MyKVM is using the USB service/);
    clock.advance(OPEN_DEADLINE_MS - 1);
    assert.equal(silent.destroyed, false);
    clock.advance(1);
    await once(silent.resume(), 'close');
    assert.match(said.join('; '), /not asked for anything within 3 s/);
    await gadget.create(['keyboard']);
    // One that has opened may be silent for as long as it likes.
    clock.advance(10 * OPEN_DEADLINE_MS);
    assert.equal((await gadget.bind()).udc, 'fake.0');
    await gadget.remove();
  });

  it('does not keep a place for those whom it refused', async () => {
    const served = world.makeControl({ identity, udc: null });
    await served.create(['keyboard']);
    const stuck = { path: world.socketPath, allowHalfOpen: true };
    const refused: Socket[] = [];
    const why = () => {
      const next = world.makeControl({ identity, udc: null });
      return next.create(['keyboard']).then(String, (error: GadgetError) => error.message);
    };
    // Told that they are not served, they do not close their end.
    while (/Another MyKVM/.test(await why())) {
      const socket = connect(stuck);
      refused.push(socket);
      await once(socket.resume(), 'end');
    }
    assert.ok(refused.length > 0);
    clock.advance(OPEN_DEADLINE_MS);
    await until('there is room again', async () => /Another MyKVM/.test(await why()));
    for (const socket of refused) socket.destroy();
    await served.remove();
  });

  it('closes its connection and removes the gadget when it ends', async () => {
    const gadget = world.makeControl({ identity, udc: null });
    await gadget.create(HID_FUNCTIONS);
    await gadget.bind();
    await world.server.close();
    await world.server.close();
    assert.deepEqual(await gadgets(), []);
    await assert.rejects(gadget.bind(), /USB service/);
    await assert.rejects(gadget.create(['keyboard']), (error: GadgetError) => {
      assert.equal(error.fault, 'not-permitted');
      assert.match(error.message, /does not listen on .*ENOENT.*mykvm-usb/);
      return true;
    });
  });

  it('opens its socket to its group only', async () => {
    const group = (await stat(dirname(world.socketPath))).gid;
    const socketPath = `${world.socketPath}-2`;
    const server = new GadgetServer({ ...parts(socketPath), groupId: group });
    await server.start();
    const { mode, gid } = await stat(socketPath);
    assert.equal(mode & 0o777, 0o660);
    assert.equal(gid, group);
    await server.close();
  });

  it('replaces the socket that a crash left, never one that is served', async () => {
    await assert.rejects(new GadgetServer(parts(world.socketPath)).start(), /already/);
    const abandoned = `${world.socketPath}-3`;
    const script = `require('net').createServer().listen(${JSON.stringify(abandoned)}, () => process.kill(process.pid, 'SIGKILL'))`;
    assert.throws(() => execFileSync(process.execPath, ['-e', script]));
    assert.ok((await stat(abandoned)).isSocket());
    const server = new GadgetServer(parts(abandoned));
    await server.start();
    await server.close();
  });

  it('takes away what a crash left once the socket is its own, before any act; never beside a service that runs', async () => {
    const clean = () => assert.fail('the gadget of a service that runs was taken away');
    const second = new GadgetServer({ ...parts(world.socketPath), clean });
    await assert.rejects(second.start(), /already/);
    const socketPath = `${world.socketPath}-4`;
    const acts: string[] = [];
    let cleaned = () => {};
    const third = new GadgetServer({
      ...parts(socketPath),
      clean: () => {
        acts.push('clean');
        return new Promise((done) => {
          cleaned = () => {
            acts.push('cleaned');
            done();
          };
        });
      },
      logger: { ...silentLogger, info: () => void acts.push('connection') },
      createControl: () => {
        acts.push('control');
        return world.makeControl({ identity, udc: null });
      },
    });
    const started = third.start();
    await until('what a crash left is taken away', () => acts.length > 0);
    const socket = connect(socketPath);
    const opened = ask(socket, OPEN);
    await until('the connection', () => acts.length > 1);
    cleaned();
    await started;
    await opened;
    assert.deepEqual(acts, ['clean', 'connection', 'cleaned', 'control']);
    await third.close();
  });

  it('refuses a directory where others could replace its socket, and a path that it cannot have', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mykvm-usb-'));
    try {
      await chmod(directory, 0o777);
      await assert.rejects(
        new GadgetServer(parts(join(directory, 's'))).start(),
        /Others may write/,
      );
      await writeFile(join(directory, 'file'), '');
      await assert.rejects(
        new GadgetServer(parts(join(directory, 'file'))).start(),
        /cannot listen/,
      );
      await assert.rejects(
        new GadgetServer(parts(join(directory, 'no/s'))).start(),
        /cannot listen/,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('a gadget made by the USB service', () => {
  it('says so when what answers is no USB service', async () => {
    const socketPath = `${world.socketPath}-odd`;
    const server = createServer((socket) => socket.end('220 mail ready\n'));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const gadget = new RemoteGadget({ socketPath, identity, udc: null });
    await assert.rejects(gadget.create(['keyboard']), /no reply/);
    server.close();
  });

  it('stays behind when its service is gone: that is said, and who would take it away', async () => {
    const gadget = world.makeControl({ identity, udc: null });
    await gadget.create(['keyboard']);
    await world.server.close();
    await assert.rejects(gadget.bind(), /USB service/);
    await assert.rejects(gadget.remove(), (error: GadgetError) => {
      assert.equal(error.name, 'GadgetError');
      assert.match(error.message, /^The USB service has ended; .* when it is started again\.$/);
      return true;
    });
  });

  it('says so when the service closes the connection without a word', async () => {
    const socketPath = `${world.socketPath}-mute`;
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const gadget = new RemoteGadget({ socketPath, identity, udc: null });
    await assert.rejects(gadget.create(['keyboard']), /closed the connection/);
    await assert.rejects(gadget.bind(), /has ended/);
    server.close();
  });
});

function parts(socketPath: string) {
  return {
    socketPath,
    groupId: null,
    createControl: () => assert.fail('nobody asked'),
    grant: async () => {},
    logger: silentLogger,
  };
}
