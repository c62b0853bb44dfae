/** From the process with the appliance; the code is empty once it was used. */
export interface ApplianceReady {
  url: string;
  claimCode: string;
}

/** To the process with the receivers; each is answered by one ReceiverReply. */
export type ReceiverRequest =
  | { kind: 'sign-in'; url: string; claimCode: string }
  | { kind: 'join' }
  | { kind: 'leave' }
  /** The last viewer of all goes. */
  | { kind: 'leave-last' }
  /** The first viewer asks for echoes over the fast lane for so long, one at a time. */
  | { kind: 'echo'; durationMs: number }
  /** Counts of all receivers together. */
  | { kind: 'count' };

/** RTP of the pictures that arrived so far, and round trips of echoes in ms where they were asked for; or what went wrong. */
export type ReceiverReply =
  | { packets: number; bytes: number; roundTripsMs?: number[] }
  | { error: string };
