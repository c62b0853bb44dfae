/** From the process with the appliance. */
export interface ApplianceReady {
  url: string;
  claimCode: string;
}

/** To the process with the receivers; each is answered by one ReceiverReply. */
export type ReceiverRequest =
  | { kind: 'sign-in'; url: string; claimCode: string }
  | { kind: 'join' }
  | { kind: 'leave' }
  /** Counts of all receivers together. */
  | { kind: 'count' };

/** RTP of the pictures that arrived so far; or what went wrong. */
export type ReceiverReply = { packets: number; bytes: number } | { error: string };
