import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A rectangle in pixels. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A picture source in memory that a producer (perhaps in another thread) draws into. */
export interface FrameBufferSource {
  readonly kind: 'frame-buffer';
  /** From {@link createFrameBuffer}; names it across worker threads of this process. */
  readonly handle: number;
}

/** Owner's side of a frame buffer. Closing it ends the pipeline that reads it with state 'failed'. */
export interface FrameBuffer extends FrameBufferSource {
  close(): void;
}

/**
 * Producer's side, one per frame buffer, usable from any thread that loaded the addon. Pixels are 32-bit words
 * 0x00RRGGBB, rows without padding. Between acquire() and submit() they belong to the producer, else to the
 * pipeline, which gives them back as soon as it has converted the picture (1 to 3 ms).
 */
export interface FrameBufferProducer {
  /** Changes the size (even numbers, from 16x16 to 1920x1200) and returns the pixels; owned by the caller, as after acquire(). */
  setMode(width: number, height: number): Uint32Array;
  /** True when the pixels may be drawn to. False: the pipeline still reads; drop the frame and try at the next tick. */
  acquire(): boolean;
  /** Hands the picture over. Capture time is CLOCK_MONOTONIC in µs. `ignore` is left out of the comparison of pictures. */
  submit(timestampUs: number, ignore?: Rect): void;
  close(): void;
}

/** A V4L2 capture device; the pipeline opens it and follows its signal. */
export interface CaptureDeviceSource {
  readonly kind: 'capture-device';
  readonly path: string;
  /**
   * The only format to take, as the kernel writes it ('UYVY', 'MJPG'). Default: the best that device and encoder have in common;
   * of a device without DV timings the best that it delivers at 24 pictures per second or more.
   */
  readonly pixelFormat?: string;
}

/** In software, or by the memory-to-memory device at `path`; that one takes the pictures of a capture device only. */
export type EncoderOptions = { kind: 'software' } | { kind: 'm2m'; path: string };

export interface PipelineOptions {
  source: FrameBufferSource | CaptureDeviceSource;
  encoder: EncoderOptions;
  bitrateBps: number;
  /** Upper limit of coded pictures per second. */
  frameRate: number;
  /** Default: 22 to 44. */
  quantizers?: Quantizers;
}

/**
 * What the encoder may choose from, in H.264's quantizers: integers from 0, the finest, to 51, the coarsest. A picture that
 * changes nothing is outside of it.
 */
export interface Quantizers {
  finest: number;
  coarsest: number;
}

/** What the input of a capture device sees. All but the state is 0 unless it is 'ok'; frameRate also when unknown. */
export interface NativeSignal {
  state: 'ok' | 'no-device' | 'no-cable' | 'no-signal' | 'no-sync' | 'unsupported-timings';
  width: number;
  height: number;
  frameRate: number;
}

/** A coded picture as the pipeline hands it over; `data` belongs to the receiver. */
export interface NativeAccessUnit {
  data: Buffer;
  keyframe: boolean;
  timestampUs: number;
  number: number;
  width: number;
  height: number;
  /** When the picture was taken from its source; `timestampUs` of a repeat, which no source delivered. */
  takenUs: number;
  /** Microseconds spent in conversion and encoding, of a hardware encoder from the picture's hand-over on. */
  encodeUs: number;
  codedUs: number;
}

export interface PipelineStats {
  /** Pictures taken from the source, unchanged ones among them, coded ones, dropped because the queue to JavaScript was full. */
  captured: number;
  unchanged: number;
  coded: number;
  dropped: number;
  /** Pictures that are broken: the capture driver says so, or their JPEG; and pictures that it had no buffer for. */
  damaged: number;
  missed: number;
  /** Pictures copied, or decoded from JPEG, for a hardware encoder that cannot read them where they are; 0 while it can. */
  copied: number;
  stages: StageTimes;
}

/** Microseconds that one stage took, over all pictures. */
export interface StageTime {
  meanUs: number;
  mostUs: number;
}

/**
 * Where the time goes from the capture time to the call of accessUnit(), over the `pictures` that were handed over. Repeats of a
 * still picture are left out. The parts of one picture add up.
 */
export interface StageTimes {
  pictures: number;
  /** From the capture time until the pipeline took the picture from its source. */
  capture: StageTime;
  /** Until the encoder had time for it: the frame rate, pictures before it, a resting encoder. */
  wait: StageTime;
  /** Conversion and encoding. */
  encode: StageTime;
  /** Until JavaScript had time for it. */
  handOver: StageTime;
}

export type PipelineState = 'new' | 'running' | 'failed' | 'closed';

/** Called on the JavaScript thread that made the pipeline; never after close(). */
export interface PipelineListener {
  accessUnit(unit: NativeAccessUnit): void;
  /** The pipeline ended by itself; its state is 'failed'. */
  failed(error: NodeJS.ErrnoException): void;
  /** What a capture device sees: told at the start and on each change, before the first picture of a new mode. */
  signal?(signal: NativeSignal): void;
  /** One sentence for the log, told once: a control that the encoder lacks, a copy that cannot be spared, a mode that the capture device does not stream. */
  notice?(sentence: string): void;
}

/** A memory-to-memory device that encodes H.264 from `formats` ('UYVY', as the kernel writes them). */
export interface EncoderDevice {
  path: string;
  name: string;
  formats: string[];
}

/**
 * Source → encoder → access units, in a thread of its own. A capture device without a signal is no failure: the pipeline
 * waits for it and tells `signal`. It fails with ENODEV when the device is missing or vanishes, else with the errno of
 * the call that failed, shaped like Node's SystemError.
 * Never waits for JavaScript: a queue of 4, then the
 * picture is dropped and the next one is a keyframe. It keeps itself and the event loop alive while it runs.
 * Calls after close() throw ERR_PIPELINE_CLOSED; a second start() throws ERR_PIPELINE_STATE. The other calls work in
 * every state: before start() they set what it starts with, after a failure they change nothing any more.
 * Numbers: bitrateBps 10000 to 100000000 (integer), frameRate 1 to 120, quantizers 0 to 51; else a RangeError that names the option.
 */
export interface Pipeline {
  readonly state: PipelineState;
  /** Throws EBUSY when another pipeline reads the frame buffer. */
  start(): void;
  /** The next picture is a keyframe; if the source is still, the last picture is coded again at once. */
  requestKeyframe(): void;
  setBitrate(bitrateBps: number): void;
  setFrameRate(frameRate: number): void;
  /** Holds from the next picture on; a still screen that may be finer now becomes so. */
  setQuantizers(quantizers: Quantizers): void;
  stats(): PipelineStats;
  /** Stops the thread and frees everything. Idempotent. */
  close(): void;
}

/** What a descriptor is waited for: bytes to read, room to write, news of a sysfs attribute. */
export interface FdEvents {
  read?: boolean;
  write?: boolean;
  priority?: boolean;
}

/**
 * Waits for descriptors that libuv cannot wait for (character devices, sysfs attributes), in a thread of its own that
 * sleeps meanwhile. Does not keep the event loop alive. The descriptors stay the caller's.
 */
export interface FdWatcher {
  /**
   * Asks for events of a descriptor, in place of what was asked for it before; they are told once, at once if it is ready
   * already. Throws EBADF, EPERM for a plain file, ERR_FD_WATCHER_CLOSED.
   */
  watch(fd: number, events: FdEvents): void;
  /** Nothing is told of this descriptor any more. To be called before the descriptor is closed. */
  forget(fd: number): void;
  /** Ends the thread; nothing is told after it. Idempotent. */
  close(): void;
}

/** Hears what has become ready. An error or a hang-up of the descriptor says all three. */
export type FdReady = (fd: number, events: Required<FdEvents>) => void;

/** The numbers of one RTP stream: what its next packet gets. */
export interface RtpNumbers {
  ssrc: number;
  payloadType: number;
  sequenceNumber: number;
  /** How often the sequence number has wrapped (RFC 3711 section 3.3.1). */
  rolloverCounter: number;
}

/** The sender's keys of one DTLS association (RFC 5764): 16 bytes, and 14 of salt, with GCM 12. */
export interface SrtpKeys {
  profile: 'AEAD_AES_128_GCM' | 'AES_CM_128_HMAC_SHA1_80';
  masterKey: Uint8Array;
  masterSalt: Uint8Array;
}

export interface MediaSenderOptions {
  media: RtpNumbers;
  /** Of retransmissions (RFC 4588); null: a packet is sent again as it was. */
  rtx: RtpNumbers | null;
  keys: SrtpKeys;
  /** The header extension of each packet as on the wire (RFC 3550 section 5.3.1), whole words; may be empty. */
  extension: Uint8Array;
  mostPayloadBytes: number;
  historyPackets: number;
  /** Above this many waiting bytes pictures are refused. */
  mostQueuedBytes: number;
}

/** Where packets leave: a UDP socket and the address of the viewer, or a channel (RFC 8656) of the TURN server there. */
export interface MediaRoute {
  fd: number;
  /** Numeric IPv4 or IPv6, of the socket's family. */
  address: string;
  port: number;
  /** 0 for none. */
  channel: number;
}

/** Counters since the start. They may lag behind the calls by what is under way. */
export interface NativeMediaStats {
  packets: number;
  /** RTP payload without retransmissions. */
  bytes: number;
  retransmissions: number;
  /** Datagrams that the kernel refused. */
  sendErrors: number;
  /** What waits now. */
  queuedBytes: number;
  /** How long the last of it waits for its pace, milliseconds; 0 without one. */
  pacedMs: number;
}

/**
 * Sends the pictures of one viewer as SRTP (RFC 6184, RFC 3711, RFC 7714). The calls return at once: one thread of the process does the
 * work for all viewers, in the order of the calls, so that nothing in JavaScript waits for pictures. What is sent again overtakes them.
 * It keeps a duplicate of the socket, which may be closed by its owner at any time. Calls after close() do nothing.
 */
export interface MediaSender {
  /** What is sent from here on leaves there. Throws EBADF, EINVAL. */
  setRoute(route: MediaRoute): void;
  /**
   * Pictures leave no faster than this from now on, bits per second: what takes 20 ms at this rate at once, the rest of a larger one
   * bit by bit, though within half a second. null, as at the start: all at once. Repairs never wait for it.
   */
  setPace(bitrateBps: number | null): void;
  /**
   * Sends an access unit in Annex B. It is copied, once for all senders that get the same bytes with the same timestamp, so it must not
   * change after the first of these calls. False when it is refused because the socket does not drain.
   */
  send(unit: Uint8Array, timestamp: number): boolean;
  /** Sends the packets with these numbers again; returns how many of them are gone. */
  retransmit(sequenceNumbers: readonly number[]): number;
  stats(): NativeMediaStats;
  /**
   * No packet leaves after it. Returns the numbers for a successor, and whether all that was sent has left the sender.
   * Idempotent.
   */
  close(): { media: RtpNumbers; rtx: RtpNumbers | null; complete: boolean };
}

interface Addon {
  createFdWatcher(ready: FdReady): FdWatcher;
  createFrameBuffer(): FrameBuffer;
  openFrameBuffer(handle: number): FrameBufferProducer;
  createMediaSender(options: MediaSenderOptions): MediaSender;
  createPipeline(options: PipelineOptions, listener: PipelineListener): Pipeline;
  monotonicUs(): number;
  readEdid(path: string): Buffer | null;
  writeEdid(path: string, edid: Uint8Array | null): void;
  listEncoders(): EncoderDevice[];
  captureFormats(path: string): string[];
}

// From dist/native/index.js: the addon is built below the project's root. MYKVM_ADDON names another build of it, such as
// the one with sanitizers.
const ADDON =
  process.env['MYKVM_ADDON'] ??
  fileURLToPath(new URL('../../native/build/mykvm.node', import.meta.url));
const addon = createRequire(import.meta.url)(ADDON) as Addon;

/** Makes a watcher that waits for nothing yet. Throws EMFILE or EAGAIN when there is no descriptor or thread left. */
export const createFdWatcher = (ready: FdReady): FdWatcher => addon.createFdWatcher(ready);
/** Makes an empty frame buffer; its pixels are allocated by setMode(). */
export const createFrameBuffer = (): FrameBuffer => addon.createFrameBuffer();
/** Opens the producer's side by handle. Throws ENOENT for an unknown handle, EBUSY when it has a producer. */
export const openFrameBuffer = (handle: number): FrameBufferProducer =>
  addon.openFrameBuffer(handle);
/** Makes a sender that sends nowhere until setRoute(). Throws ERR_NO_OPENSSL when this Node offers no OpenSSL. */
export const createMediaSender = (options: MediaSenderOptions): MediaSender =>
  addon.createMediaSender(options);
export const createPipeline = (options: PipelineOptions, listener: PipelineListener): Pipeline =>
  addon.createPipeline(options, listener);
/** CLOCK_MONOTONIC in microseconds: the clock of capture times. */
export const monotonicUs = (): number => addon.monotonicUs();
/** The EDID that a capture device shows to its source; null when there is none. Throws errors of the device. */
export const readEdid = (path: string): Buffer | null => addon.readEdid(path);
/**
 * Shows an EDID (whole blocks of 128 bytes) to the source, or none with null: then it sees no display. Some
 * drivers refuse it with EBUSY while a pipeline streams. Throws ENOTTY for a device that shows none (USB webcams), E2BIG for more blocks than it holds.
 */
export const writeEdid = (path: string, edid: Uint8Array | null): void =>
  addon.writeEdid(path, edid);
/** Devices that encode H.264, by the number of their node; those that may not be opened are left out. */
export const listEncoders = (): EncoderDevice[] => addon.listEncoders();
/** The picture formats of a capture device, as the kernel writes them. Throws errors of the device. */
export const captureFormats = (path: string): string[] => addon.captureFormats(path);
