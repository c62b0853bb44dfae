import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { HostInput } from '../hid/host-input.js';
import { ADDRESSES } from '../network.js';
import { setControls } from '../video/vivid.js';
import { ApplianceProcess } from './appliance-process.js';
import { type Answer, type Call, INSIDE_PORT, type InsideCalls } from './inside-calls.js';

// Runs in the virtual machine and does what the tests outside ask for.

/** What the host calls our device. */
const PRODUCT = 'MyKVM under test';

let appliance: ApplianceProcess | undefined;
const inputs = new Map<HidFunction, HostInput>();

const calls: InsideCalls = {
  async start(flags) {
    const all = ['--usb-product', PRODUCT, ...flags];
    if (appliance?.flags.join() === all.join()) return { claimCode: null };
    await closeAppliance();
    appliance = await ApplianceProcess.start(all);
    return { claimCode: appliance.claimCode };
  },
  async said() {
    return appliance?.output ?? '';
  },
  async source(controls) {
    setControls(controls);
  },
  async listen(fn) {
    inputs.get(fn)?.close();
    inputs.set(fn, await HostInput.open(PRODUCT, fn));
  },
  async clear(fn) {
    input(fn).clear();
  },
  async events(fn) {
    return input(fn).keyEvents;
  },
  async heldKeys() {
    return input('keyboard').heldKeys();
  },
  async lamp(name, on) {
    input('keyboard').send('EV_LED', name, on ? 1 : 0);
  },
};

function input(fn: HidFunction): HostInput {
  const found = inputs.get(fn);
  if (!found) throw new Error(`nobody listens to the ${fn}`);
  return found;
}

/** Throws when the appliance did not end in order. */
async function closeAppliance(): Promise<void> {
  for (const listening of inputs.values()) listening.close();
  inputs.clear();
  const status = (await appliance?.close()) ?? 0;
  if (status !== 0) throw new Error(`the appliance ended with ${status}`);
}

async function answer(line: string): Promise<Answer> {
  const { name, args } = JSON.parse(line) as Call;
  try {
    const call = calls[name] as (...args: unknown[]) => Promise<unknown>;
    return { result: (await call(...args)) ?? null };
  } catch (error) {
    return { error: String(error) };
  }
}

const server = createServer(async (socket) => {
  socket.on('error', () => socket.destroy());
  for await (const line of createInterface({ input: socket })) {
    socket.write(`${JSON.stringify(await answer(line))}\n`);
  }
});
server.listen(INSIDE_PORT, ADDRESSES.inside, () => process.stdout.write('ready\n'));

// The tests are over.
process.stdin.once('data', async () => {
  await closeAppliance();
  process.exit();
});
