// Sends pictures and tells, as JSON, in which order their packets arrived. Run with flaky_sendmmsg.cc preloaded.
import { LoopbackReceiver, until } from '../contract/loopback-receiver.js';
import { createSender, PICTURE, PICTURE_PACKETS } from './media-sender-rig.js';

const PICTURES = 60;
const receiver = await LoopbackReceiver.open();
const sender = createSender();
sender.setRoute(receiver.route);
// Slow enough that every picture leaves in parts.
if (process.env['FLAKY'] === 'paced') sender.setPace(10_000_000);
for (let sent = 1; sent <= PICTURES; sent++) {
  if (!sender.send(PICTURE, sent)) throw new Error('the sender is full');
  await until(`picture ${sent}`, () => receiver.received.length >= sent * PICTURE_PACKETS);
}
await receiver.settled();
const order = receiver.received.map((datagram) => datagram.readUInt16BE(2));
const { sendErrors, queuedBytes } = sender.stats();
const { complete } = sender.close();
receiver.close();
process.stdout.write(JSON.stringify({ order, sendErrors, queuedBytes, complete }));
