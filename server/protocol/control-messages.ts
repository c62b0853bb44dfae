import type { ErrorCode } from './error-codes.js';
import type { Role } from './role.js';

/** What the appliance sees on the video input. No signal is a state, not an error. */
export type SignalState =
  | 'ok'
  | 'no-device'
  | 'no-cable'
  | 'no-signal'
  | 'no-sync'
  | 'unsupported-timings';

/** What the USB host does with the gadget. */
export type HidState = 'unbound' | 'detached' | 'suspended' | 'configured' | 'busy';

/** Lock lamps of the target's keyboard, from its LED output report. */
export interface LockLeds {
  numLock: boolean;
  capsLock: boolean;
  scrollLock: boolean;
}

/** One viewer as others see it. */
export interface ViewerInfo {
  /** Names it to the others in this appliance's life; opens nothing. */
  id: string;
  name: string;
  role: Role;
  inControl: boolean;
  /** It asks the one in control to hand over. */
  asking: boolean;
  /** A plain WHEP player: it can neither have control nor ask for it. */
  player: boolean;
  carrier: 'webrtc' | 'websocket' | 'none';
  /** Its path carries much less than that of the one in control: it gets a keyframe at most each 2 s. */
  thin?: true;
}

/** The whole state a page shows; sent at attach, on change and each second. Small, so no deltas. */
export interface StateMessage {
  type: 'state';
  /** Appliance clock (CLOCK_MONOTONIC) when sent, microseconds. */
  nowUs: number;
  video: {
    signal: SignalState;
    width: number;
    height: number;
    /** Frames per second that the source delivers; 0 when unknown. */
    frameRate: number;
    bitrateBps: number;
    /** The last coded picture: the page compares it with what it shows. */
    lastPicture: { number: number; timestampUs: number } | null;
    /** Set while the pipeline is down and being restarted. */
    failed: boolean;
  };
  /** `leds` is null until the target has sent its first LED report. */
  hid: { state: HidState; leds: LockLeds | null };
  target: { kind: 'hardware' | 'simulated' };
  /** `shared`: everybody who may have control has it. `idleHandOverMs`: who asks gets it after the holder's idle time. */
  control: { shared: boolean; idleHandOverMs: number | null };
  viewers: ViewerInfo[];
  /** What is wrong with the STUN and TURN servers, one sentence each; left out when nothing is. */
  iceProblems?: string[];
}

/** First message on a carrier: who you are and which input epoch to use (0 = no control). */
export interface HelloMessage {
  type: 'hello';
  protocol: number;
  session: string;
  /** Which of the state's viewers this session is. */
  viewer: string;
  inputEpoch: number;
  /** The session has an active carrier already: this one brings pictures and states, but takes no input yet. */
  standby?: true;
}

/**
 * Control given or taken, or moved to this carrier. `inputEpoch` 0 means that this session only watches; the state
 * says who has control. With `continues` the epoch goes on with the numbers of that one, see UseCarrierMessage.
 */
export interface ControlMessage {
  type: 'control';
  inputEpoch: number;
  continues?: number;
}

/** The carrier or the session ends for this reason; the socket closes after it. */
export interface EndMessage {
  type: 'end';
  error: ErrorCode;
}

/** What this viewer asked for was refused, by the one in control or because its role does not allow it. */
export interface ControlRefusedMessage {
  type: 'control-refused';
  error: ErrorCode;
}

export type ServerMessage =
  | StateMessage
  | HelloMessage
  | ControlMessage
  | ControlRefusedMessage
  | EndMessage;

/**
 * Takes control at once; the one who has it loses it and its keys are released. Owners may always, the same user in
 * another window too, others while nobody is there to use it.
 */
export interface TakeControlMessage {
  type: 'take-control';
}

/** Asks the one in control to hand over. While nobody has control it is given at once. */
export interface RequestControlMessage {
  type: 'request-control';
}

/** The viewer does not ask any more. */
export interface WithdrawRequestMessage {
  type: 'withdraw-request';
}

/** The one in control hands over to this viewer, whether it asked or not. */
export interface GrantControlMessage {
  type: 'grant-control';
  viewer: string;
}

/** The one in control, or an owner, says no to a viewer that asks. */
export interface RefuseControlMessage {
  type: 'refuse-control';
  viewer: string;
}

/** A viewer gives control up: it goes back to who had it before, else to who asked first. */
export interface ReleaseControlMessage {
  type: 'release-control';
}

/** What is said about control. */
export type ControlRequest =
  | TakeControlMessage
  | RequestControlMessage
  | WithdrawRequestMessage
  | GrantControlMessage
  | RefuseControlMessage
  | ReleaseControlMessage;

/** The page cannot decode on: it needs a keyframe. */
export interface KeyframeMessage {
  type: 'keyframe';
}

/**
 * The page moves to the carrier that this comes on; the old one stands by until the page closes it (or 5 s). The
 * appliance answers with a ControlMessage on it. `continues` is the epoch that the page is in: if the appliance is
 * in it too, sequences, counters and what is held go on, and the page sends what was not acknowledged again.
 */
export interface UseCarrierMessage {
  type: 'use-carrier';
  continues?: number;
}

export type ClientMessage = ControlRequest | KeyframeMessage | UseCarrierMessage;
