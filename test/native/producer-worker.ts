import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicUs, openFrameBuffer } from '../../native/index.js';
import { fillRect } from './drawing.js';

/** What the test tells this worker to do. */
export interface ProducerTask {
  handle: number;
  width: number;
  height: number;
  /** Pictures to draw and submit, each another colour; then the pixels are acquired and kept. */
  pictures: number;
}

const task = workerData as ProducerTask;
const producer = openFrameBuffer(task.handle);
const pixels = producer.setMode(task.width, task.height);
const canvas = { pixels, width: task.width, height: task.height };
for (let picture = 0; picture < task.pictures; picture++) {
  if (picture > 0) while (!producer.acquire()) await pause(1);
  fillRect(canvas, 0, 0, task.width, task.height, 0x102030 * (picture + 1));
  producer.submit(monotonicUs());
}
while (!producer.acquire()) await pause(1);
fillRect(canvas, 0, 0, task.width / 2, task.height, 0xffffff);
parentPort?.postMessage('holding');
// Keeps the worker and what it holds alive until it is terminated.
parentPort?.on('message', () => {});
