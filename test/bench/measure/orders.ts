import type { Subject } from '../rig/subject.js';

/** Orders of the subjects, taken in turn, so that none of them always follows the same neighbour. */
export const ORDERS: ReadonlyArray<readonly Subject[]> = [
  ['webrtc', 'reference', 'websocket'],
  ['websocket', 'reference', 'webrtc'],
];
