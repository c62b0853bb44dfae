import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicUs, openFrameBuffer } from '../../../native/index.js';
import { FrameLoop } from './frame-loop.js';
import { Machine } from './machine.js';
import type { StageName } from './stage.js';
import type {
  FromWorker,
  LoggedReport,
  TestQuestion,
  ToWorker,
  WorkerSettings,
} from './worker-protocol.js';

/** The worker thread of the simulated target: runs the PC by the real clock and talks to the main thread. */
const port = parentPort;
if (!port) throw new Error('simulated-worker must be started as a worker thread');
const settings = workerData as WorkerSettings;
const post = (message: FromWorker) => port.postMessage(message);

const reports: LoggedReport[] = [];
let typed = '';
let frameTimesUs: number[] = [];
const machine = new Machine({
  seed: settings.seed,
  frameRate: settings.frameRate,
  listener: {
    signal: (signal) => post({ type: 'signal', signal }),
    hidState: (state) => post({ type: 'hid-state', state }),
    leds: (bits) => post({ type: 'leds', bits }),
    polled: (fn) => post({ type: 'polled', fn }),
    // Without the test switch nothing that was typed is kept anywhere but on the PC's own screen.
    ...(settings.recordLog && {
      report: (fn, bytes, virtualMs) => {
        reports.push({ fn, hex: Buffer.from(bytes).toString('hex'), virtualMs });
      },
      typed: (character) => {
        typed += character;
      },
    }),
  },
});
const producer = openFrameBuffer(settings.handle);
const loop = new FrameLoop({
  machine,
  producer,
  frameRate: settings.frameRate,
  testMarks: settings.testMarks,
  monotonicUs,
  ...(settings.recordLog && {
    submitted: (timestampUs) => {
      frameTimesUs.push(timestampUs);
    },
  }),
});

const startedMs = performance.now();
const nowMs = () => performance.now() - startedMs;
let timer: NodeJS.Timeout | undefined;
const bootWaiters: Array<{ id: number; stage: StageName }> = [];

function run(): void {
  clearTimeout(timer);
  const dueMs = loop.step(nowMs());
  answerBootWaiters();
  if (dueMs === Number.POSITIVE_INFINITY) return;
  timer = setTimeout(run, Math.max(0, Math.ceil(dueMs - nowMs())));
}

function answerBootWaiters(): void {
  if (machine.signal.state !== 'ok') return;
  for (let index = bootWaiters.length - 1; index >= 0; index--) {
    const waiter = bootWaiters[index];
    if (!waiter || waiter.stage !== machine.stageName) continue;
    bootWaiters.splice(index, 1);
    post({ type: 'test', id: waiter.id, answer: null });
  }
}

function ask(id: number, question: TestQuestion): void {
  if (!settings.recordLog) return;
  if (question.kind === 'boot-to') {
    machine.bootTo(question.stage);
    bootWaiters.push({ id, stage: question.stage });
  } else {
    post({ type: 'test', id, answer: answerTo(question.kind) });
  }
}

function answerTo(kind: Exclude<TestQuestion['kind'], 'boot-to'>): unknown {
  switch (kind) {
    case 'log':
      return reports;
    case 'typed-text':
      return typed;
    case 'screen-text':
      return machine.screenText();
    case 'frames':
      return loop.frames;
    case 'frame-times': {
      const times = frameTimesUs;
      frameTimesUs = [];
      return times;
    }
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'report':
      loop.receive(message.fn, message.bytes, nowMs());
      break;
    case 'watched':
      loop.setWatched(message.watched);
      break;
    case 'test':
      machine.advanceTo(nowMs());
      ask(message.id, message.question);
      break;
    case 'close':
      clearTimeout(timer);
      producer.close();
      port.close();
      return;
  }
  run();
});

machine.powerOn();
post({ type: 'ready' });
run();
