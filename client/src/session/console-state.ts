import type { EdidReply, UsbReply } from '../../../server/protocol/api.js';
import type { SignalState, StateMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { Role } from '../../../server/protocol/role.js';
import type { UsbFunction } from '../../../server/protocol/usb-functions.js';
import type { SocketDecoder } from '../video/socket-decoder.js';

/** What the page is doing; every element draws from this one state and changes it only through ConsoleActions. */
export type Phase =
  | 'starting'
  | 'claim'
  | 'login'
  /** Signed in, switched off by the user. */
  | 'off'
  | 'connecting'
  | 'live'
  | 'reconnecting'
  /** Ended for good (see `end`); the power button starts anew. */
  | 'ended';

/** One line of the log on the page. */
export interface LogLine {
  /** Date.now() */
  at: number;
  kind: 'normal' | 'info' | 'error';
  text: string;
  /** How often it was said in a row, from `at` on; once where left out. */
  times?: number;
}

/** Measured on the page once a second; null is unknown and drawn as `--`. */
export interface Metrics {
  /** Capture to drawn, milliseconds. */
  latencyMs: number | null;
  /** The last 28 values of latencyMs, oldest first. */
  latencyHistory: number[];
  roundTripMs: number | null;
  framesPerSecond: number | null;
  bitrateBps: number | null;
  framesTotal: number;
  bytesTotal: number;
  lostPercent: number | null;
  /** Seconds since connecting. */
  seconds: number | null;
}

/** Which transport the viewer wants. */
export type TransportSetting = 'auto' | 'webrtc' | 'websocket';

/** How the packets of a WebRTC carrier travel; null before that is known. */
export type WebRtcRoute = 'udp' | 'ice-tcp' | 'turn' | 'turn-udp' | 'turn-tcp' | 'turn-tls';

/** What is done to the USB device for the target; functions make it another one. */
export type UsbAct = 'replug' | 'wake' | readonly UsbFunction[];

export interface ConsoleState {
  phase: Phase;
  /** GET /api/status; null before. */
  certificateSha256: string | null;
  version: string | null;
  userName: string | null;
  /** What `userName` may do. */
  role: Role | null;
  /** This viewer's session, for requests about it. */
  sessionId: string | null;
  /** Which of `remote.viewers` this viewer is. */
  viewerId: string | null;
  /** Wrong password, wrong code, throttled, ...: shown in the form. Plain English. */
  formError: string | null;
  formBusy: boolean;
  transport: 'webrtc' | 'websocket' | null;
  /** Why not the better transport, or why it fell back; null when nothing is to be said. */
  transportNote: string | null;
  transportSetting: TransportSetting;
  /** What shows the pictures of a WebSocket in this browser. */
  socketDecoder: SocketDecoder | null;
  /** Of the WebRTC carrier that is used. */
  route: WebRtcRoute | null;
  /** The last state message of the appliance. */
  remote: StateMessage | null;
  /** A picture has been drawn since connecting. */
  hasPicture: boolean;
  signal: SignalState | null;
  /** Size of the picture that is shown, pixels; 0 before the first. */
  pictureWidth: number;
  pictureHeight: number;
  /** The shown picture lags the appliance's last one by this many seconds; null when it does not. */
  pictureAgeSeconds: number | null;
  inControl: boolean;
  controlHolder: string | null;
  /** This viewer had control and lost it to `controlHolder` since the user last dismissed it. */
  controlLost: boolean;
  /** Why control was refused since the user last dismissed it. Plain English. */
  controlRefused: string | null;
  end: ErrorCode | null;
  /** The USB device that the target sees; null before it was asked for. */
  usb: UsbReply | null;
  usbBusy: boolean;
  /** Why the last act on it failed: plain English. */
  usbError: string | null;
  /** The display that the target sees; null until it was asked for. */
  edid: EdidReply | null;
  edidBusy: boolean;
  /** What is wrong with the last choice. Plain English. */
  edidError: string | null;
  /** Seconds until the next attempt while reconnecting. */
  retryInSeconds: number | null;
  metrics: Metrics;
  log: LogLine[];
}

/** Where the picture is shown. `releaseFocus` gives the keyboard back to the page. */
export interface PictureHost extends HTMLElement {
  releaseFocus(): void;
}

/** What the user can do. All are safe in every phase. */
export interface ConsoleActions {
  claim(code: string, name: string, password: string): Promise<void>;
  login(name: string, password: string): Promise<void>;
  logout(): Promise<void>;
  /** Connects or disconnects this viewer; never touches the target. */
  power(): void;
  /** Which transport to use, from now on and at the next visit; connects anew. */
  chooseTransport(setting: TransportSetting): void;
  takeControl(): void;
  /** Asks the one in control to hand over, or no longer asks. */
  askForControl(ask: boolean): void;
  releaseControl(): void;
  /** Hands control over to the viewer with this id. */
  grantControl(viewer: string): void;
  /** Says no to the viewer with this id, which asks. */
  refuseControl(viewer: string): void;
  /** Takes away what is said about control lost or refused. */
  dismissControlNews(): void;
  /** Presses the KeyboardEvent codes in order and releases them in reverse: ['ControlLeft','AltLeft','Delete']. */
  sendChord(codes: readonly string[]): void;
  /** Asks how the USB device for the target is, into `usb`. */
  loadUsb(): Promise<void>;
  actOnUsb(act: UsbAct): Promise<void>;
  /** Asks which display the target sees, into `edid`. */
  loadEdid(): Promise<void>;
  /** Shows the target another display: a preset by name, or the bytes of an EDID. */
  chooseEdid(choice: string | ArrayBuffer): Promise<void>;
  /** The element that shows the picture: the session puts its <video> or <canvas> into it and hears its input. */
  mountPicture(host: PictureHost): void;
}

export const INITIAL_STATE: ConsoleState = {
  phase: 'starting',
  certificateSha256: null,
  version: null,
  userName: null,
  role: null,
  sessionId: null,
  viewerId: null,
  formError: null,
  formBusy: false,
  transport: null,
  transportNote: null,
  transportSetting: 'auto',
  socketDecoder: null,
  route: null,
  remote: null,
  hasPicture: false,
  signal: null,
  pictureWidth: 0,
  pictureHeight: 0,
  pictureAgeSeconds: null,
  inControl: false,
  controlHolder: null,
  controlLost: false,
  controlRefused: null,
  end: null,
  usb: null,
  usbBusy: false,
  usbError: null,
  edid: null,
  edidBusy: false,
  edidError: null,
  retryInSeconds: null,
  metrics: {
    latencyMs: null,
    latencyHistory: [],
    roundTripMs: null,
    framesPerSecond: null,
    bitrateBps: null,
    framesTotal: 0,
    bytesTotal: 0,
    lostPercent: null,
    seconds: null,
  },
  log: [],
};
