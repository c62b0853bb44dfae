/**
 * Runs in the console's page before its own script and notes when pictures are shown. It changes nothing that the page
 * does: it stands behind the browser's functions that the page calls anyway.
 */
import { rtpTimestamp } from '../../../server/protocol/access-unit.js';
import { decodeEchoReply, encodeEchoRequest } from '../../../server/protocol/input-codec.js';
import { decodeMarks, decodePatch, PATCH } from '../../../server/target/simulated/test-marks.js';

/** A picture that came to the screen; times are milliseconds of performance.now(). */
export interface ShownSample {
  rtpTimestamp: number;
  /** In the callback of the video element, or after the canvas was drawn. */
  atMs: number;
  /** When the browser had decoded it and handed it to the compositor; null for a canvas. */
  submittedMs: number | null;
  /** What its marks say, when they are read. */
  markUs: number | null;
}

/** A key event as the page got it, and the first picture after it whose patch had flipped. */
export interface KeySample {
  eventMs: number;
  shownMs: number;
  rtpTimestamp: number;
}

/** How much a picture is like the last one that was kept, in the middle of the screen. */
export interface SharpnessSample {
  atMs: number;
  /** Peak signal-to-noise ratio of the luma; Infinity when they are the same. */
  decibels: number;
}

interface KeptPicture {
  atMs: number;
  luma: Uint8Array;
}

const MIDDLE = { x: 320, y: 232, width: 640, height: 256 };
const MOST_KEPT = 200;

const FIRST_ECHO_ID = 1_000_000;

export class PageProbe {
  shown: ShownSample[] = [];
  readMarks = false;
  readPatch = false;
  readonly channels = new Map<string, RTCDataChannel>();
  socket: WebSocket | null = null;
  readonly keyUpsMs: number[] = [];
  #kept: KeptPicture[] | null = null;
  #middle: OffscreenCanvasRenderingContext2D | null = null;
  #patch: boolean | null = null;
  #keyMs: number | null = null;
  #flipped: ((sample: KeySample) => void) | null = null;
  #answer: Promise<KeySample> | null = null;
  #surface: OffscreenCanvasRenderingContext2D | null = null;
  #echoId = FIRST_ECHO_ID;

  /** Whether a patch has been read that the next one can differ from. */
  get patchKnown(): boolean {
    return this.#patch !== null;
  }

  picture(source: CanvasImageSource, sample: Omit<ShownSample, 'markUs'>): void {
    const markUs = this.readMarks || this.readPatch ? this.#look(source, sample) : null;
    this.shown.push({ ...sample, markUs });
    if (this.#kept) this.#keep(this.#kept, source, sample.atMs);
  }

  /** From now on the middle of each picture is kept. */
  keepLuma(): void {
    this.#kept = [];
  }

  /** How much the pictures since {@link keepLuma} are like the last of them; ends keeping. */
  takeSharpness(): SharpnessSample[] {
    const kept = this.#kept ?? [];
    this.#kept = null;
    const best = kept.at(-1)?.luma;
    if (!best) return [];
    return kept.map(({ atMs, luma }) => {
      let squares = 0;
      for (let at = 0; at < luma.length; at++) squares += ((luma[at] ?? 0) - (best[at] ?? 0)) ** 2;
      return { atMs, decibels: 10 * Math.log10((255 ** 2 * luma.length) / squares) };
    });
  }

  key(event: KeyboardEvent): void {
    if (this.#flipped && this.#keyMs === null) this.#keyMs = event.timeStamp;
  }

  /** From now on a key event is waited for, then the picture that answers it. */
  armKey(): void {
    this.#keyMs = null;
    this.#answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no picture answered the key')), 5000);
      this.#flipped = (sample) => {
        clearTimeout(timer);
        this.#flipped = null;
        resolve(sample);
      };
    });
    // Whoever asks for it hears of the failure.
    this.#answer.catch(() => {});
  }

  /** What came of the armed key; rejects after five seconds. */
  keyAnswer(): Promise<KeySample> {
    if (!this.#answer) throw new Error('no key is waited for');
    return this.#answer;
  }

  /** Sends one echo request at a time over a lane and returns the round trips in milliseconds. */
  async echo(
    lane: 'kvm.fast' | 'kvm.reliable' | 'socket',
    count: number,
    gapMs: number,
  ): Promise<number[]> {
    const trips: number[] = [];
    for (let sent = 0; sent < count; sent++) {
      const trip = await this.#roundTrip(lane);
      if (trip !== null) trips.push(trip);
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    return trips;
  }

  /** Null when the answer was lost. */
  #roundTrip(lane: string): Promise<number | null> {
    const channel = lane === 'socket' ? this.socket : this.channels.get(lane);
    if (!channel) throw new Error(`the page has no lane ${lane}`);
    const id = ++this.#echoId;
    return new Promise((resolve) => {
      const end = (value: number | null) => {
        channel.removeEventListener('message', hear);
        clearTimeout(timer);
        resolve(value);
      };
      const hear = (event: Event) => {
        const { data } = event as MessageEvent<string | ArrayBuffer>;
        if (typeof data === 'string') return;
        if (decodeEchoReply(new Uint8Array(data))?.id === id) end(performance.now() - sentMs);
      };
      const timer = setTimeout(() => end(null), 2000);
      channel.addEventListener('message', hear);
      const sentMs = performance.now();
      channel.send(encodeEchoRequest(id));
    });
  }

  #keep(kept: KeptPicture[], source: CanvasImageSource, atMs: number): void {
    const { x, y, width, height } = MIDDLE;
    this.#middle ??= new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
    });
    if (!this.#middle) return;
    this.#middle.drawImage(source, x, y, width, height, 0, 0, width, height);
    const { data } = this.#middle.getImageData(0, 0, width, height);
    const luma = new Uint8Array(width * height);
    for (let at = 0; at < luma.length; at++) {
      const [red = 0, green = 0, blue = 0] = data.subarray(4 * at, 4 * at + 3);
      luma[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
    }
    kept.push({ atMs, luma });
    if (kept.length > MOST_KEPT) kept.shift();
  }

  #look(source: CanvasImageSource, sample: Omit<ShownSample, 'markUs'>): number | null {
    const width = PATCH.x + PATCH.width;
    const { height } = PATCH;
    this.#surface ??= new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
    });
    if (!this.#surface) return null;
    this.#surface.drawImage(source, 0, 0, width, height, 0, 0, width, height);
    const { data } = this.#surface.getImageData(0, 0, width, height);
    const patch = decodePatch(data, width);
    const flipped = this.#patch !== null && patch !== this.#patch;
    this.#patch = patch;
    if (flipped && this.#keyMs !== null) {
      const { rtpTimestamp: name, atMs } = sample;
      this.#flipped?.({ eventMs: this.#keyMs, shownMs: atMs, rtpTimestamp: name });
    }
    return decodeMarks(data, width)?.timestampUs ?? null;
  }
}

declare global {
  var kvmProbe: PageProbe;
}

const probe = new PageProbe();
globalThis.kvmProbe = probe;

const requestFrame = HTMLVideoElement.prototype.requestVideoFrameCallback;
HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
  return requestFrame.call(this, (now, metadata) => {
    probe.picture(this, {
      rtpTimestamp: metadata.rtpTimestamp ?? 0,
      atMs: performance.now(),
      submittedMs: metadata.presentationTime,
    });
    callback(now, metadata);
  });
};

const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (
  this: CanvasRenderingContext2D,
  ...given: unknown[]
) {
  Reflect.apply(draw, this, given);
  const [source] = given;
  if (!(source instanceof VideoFrame)) return;
  probe.picture(source, {
    rtpTimestamp: rtpTimestamp(source.timestamp),
    atMs: performance.now(),
    submittedMs: null,
  });
};

const createChannel = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (label, options) {
  const channel = createChannel.call(this, label, options);
  probe.channels.set(label, channel);
  return channel;
};

const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (content) {
  probe.socket = this;
  send.call(this, content);
};

for (const type of ['keydown', 'keyup'] as const) {
  addEventListener(type, (event) => probe.key(event), { capture: true });
}
