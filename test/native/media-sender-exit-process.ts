// Ends in the way that the argument names while a native sender is at work. Exit code 0 when nothing crashed.
import { Worker } from 'node:worker_threads';
import { LoopbackReceiver } from '../contract/loopback-receiver.js';
import { createSender, PICTURE } from './media-sender-rig.js';

const way = process.argv[2];
const receiver = await LoopbackReceiver.open();
const sender = createSender();
sender.setRoute(receiver.route);
for (let sent = 0; sent < 10; sent++) sender.send(PICTURE, sent);
switch (way) {
  case 'exit while sending':
    process.exit(0);
    break;
  case 'let the loop end':
    receiver.close();
    break;
  case 'exit with a worker that sends': {
    const rig = new URL('./media-sender-rig.js', import.meta.url).href;
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       import(workerData.rig).then(({ createSender, PICTURE }) => {
         const sender = createSender();
         sender.setRoute(workerData.route);
         for (let sent = 0; sent < 10; sent++) sender.send(PICTURE, sent);
         parentPort.postMessage('sent');
       });`,
      { eval: true, workerData: { rig, route: receiver.route } },
    );
    worker.once('message', () => process.exit(0));
    break;
  }
  default:
    process.exit(3);
}
