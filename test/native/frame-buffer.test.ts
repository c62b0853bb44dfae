import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createFrameBuffer,
  type FrameBufferProducer,
  monotonicUs,
  openFrameBuffer,
} from '../../native/index.js';

type State = 'opened' | 'drawing' | 'submitted' | 'closed' | 'owner closed';

/** A producer in `state`, and what closes what is left. */
function producerIn(state: State): { producer: FrameBufferProducer; close: () => void } {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  if (state !== 'opened') producer.setMode(64, 48);
  if (state === 'submitted') producer.submit(1);
  if (state === 'closed') producer.close();
  if (state === 'owner closed') buffer.close();
  return {
    producer,
    close: () => {
      producer.close();
      buffer.close();
    },
  };
}

const CALLS: Record<string, (producer: FrameBufferProducer) => unknown> = {
  setMode: (producer) => producer.setMode(32, 32).length,
  acquire: (producer) => producer.acquire(),
  submit: (producer) => producer.submit(2),
  close: (producer) => producer.close(),
};

const STATE_ERROR = 'ERR_FRAME_BUFFER_STATE';
const CLOSED_ERROR = 'ERR_FRAME_BUFFER_CLOSED';

// What each call gives or the code that it throws.
const MATRIX: Record<State, Record<string, unknown>> = {
  opened: { setMode: 1024, acquire: STATE_ERROR, submit: STATE_ERROR, close: undefined },
  drawing: { setMode: 1024, acquire: true, submit: undefined, close: undefined },
  // Nobody reads, so the producer may have its pixels back at once.
  submitted: { setMode: 1024, acquire: true, submit: STATE_ERROR, close: undefined },
  closed: { setMode: CLOSED_ERROR, acquire: CLOSED_ERROR, submit: CLOSED_ERROR, close: undefined },
  'owner closed': {
    setMode: CLOSED_ERROR,
    acquire: CLOSED_ERROR,
    submit: CLOSED_ERROR,
    close: undefined,
  },
};

for (const [state, row] of Object.entries(MATRIX)) {
  for (const [name, expected] of Object.entries(row)) {
    test(`producer ${state}: ${name}() gives ${String(expected)}`, () => {
      const { producer, close } = producerIn(state as State);
      const call = CALLS[name];
      assert.ok(call);
      if (typeof expected === 'string') assert.throws(() => call(producer), { code: expected });
      else assert.equal(call(producer), expected);
      close();
    });
  }
}

test('a frame buffer names its kind and a handle of its own', () => {
  const [first, second] = [createFrameBuffer(), createFrameBuffer()];
  assert.equal(first.kind, 'frame-buffer');
  assert.notEqual(first.handle, second.handle);
  first.close();
  first.close();
  second.close();
});

test('an unknown or closed handle is refused with ENOENT, a second producer with EBUSY', () => {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  assert.throws(() => openFrameBuffer(buffer.handle), { code: 'EBUSY' });
  producer.close();
  openFrameBuffer(buffer.handle).close();
  buffer.close();
  assert.throws(() => openFrameBuffer(buffer.handle), { code: 'ENOENT' });
});

test('a new producer must set a mode of its own before it draws', () => {
  const buffer = createFrameBuffer();
  const first = openFrameBuffer(buffer.handle);
  first.setMode(64, 48);
  first.submit(1);
  first.close();
  const second = openFrameBuffer(buffer.handle);
  assert.throws(() => second.acquire(), { code: STATE_ERROR });
  assert.equal(second.setMode(64, 48).length, 64 * 48);
  second.close();
  buffer.close();
});

test('pixels stay valid memory after every close', () => {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  const before = producer.setMode(64, 48);
  producer.setMode(128, 96);
  producer.close();
  buffer.close();
  before.fill(0xffffff);
  assert.equal(before[64 * 48 - 1], 0xffffff);
});

test('wrong arguments are named', () => {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  const wrong: [() => unknown, { name: string; code: string; message: RegExp }][] = [
    [
      () => producer.setMode(63, 48),
      { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /width.*63/ },
    ],
    [
      () => producer.setMode(64, 2000),
      { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /height.*1200.*2000/ },
    ],
    [
      () => producer.setMode(64, Number.NaN),
      { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /height.*NaN/ },
    ],
    [
      () => producer.setMode('64' as unknown as number, 48),
      { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /width/ },
    ],
    [
      () => openFrameBuffer(-1),
      { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /handle.*-1/ },
    ],
    [
      () => openFrameBuffer(undefined as unknown as number),
      { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /handle/ },
    ],
  ];
  for (const [call, expected] of wrong) assert.throws(call, expected);
  producer.setMode(64, 48);
  assert.throws(() => producer.submit(-1), { name: 'RangeError', message: /timestampUs.*-1/ });
  assert.throws(() => producer.submit(1, { x: 0, y: 0, width: 65, height: 1 }), {
    name: 'RangeError',
    message: /ignore\.width.*64.*65/,
  });
  assert.throws(() => producer.submit(1, 'all' as unknown as undefined), {
    name: 'TypeError',
    message: /ignore/,
  });
  producer.submit(1, { x: 60, y: 40, width: 4, height: 8 });
  producer.close();
  buffer.close();
});

test('methods refuse objects that are not theirs', () => {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  const close = producer.close;
  for (const receiver of [buffer, {}, undefined, Object.create(producer)]) {
    assert.throws(() => Reflect.apply(close, receiver, []));
  }
  assert.throws(() => Reflect.construct(Object.getPrototypeOf(producer).constructor, []));
  producer.close();
  buffer.close();
});

test('monotonicUs() is the clock of process.hrtime()', () => {
  const before = process.hrtime.bigint() / 1000n;
  const now = BigInt(monotonicUs());
  assert.ok(now >= before && now <= process.hrtime.bigint() / 1000n);
});
