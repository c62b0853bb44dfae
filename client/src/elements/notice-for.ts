import type { ConsoleState } from '../session/console-state.js';
import { controlFor } from './control-for.js';

/** A line on the chin. `trouble` lines are shown in full screen, too. */
export interface Notice {
  text: string;
  level: 'calm' | 'warn';
  trouble: boolean;
}

const FROZEN_FOR = (seconds: number | null): string =>
  seconds === null ? 'Frozen' : `Frozen ${Math.round(seconds)} s`;

function reconnecting(state: ConsoleState): Notice | null {
  if (!state.hasPicture) return null;
  const wait = state.retryInSeconds;
  const next = wait === null || wait <= 0 ? 'reconnecting' : `reconnecting in ${Math.ceil(wait)} s`;
  return { text: `${FROZEN_FOR(state.pictureAgeSeconds)}, ${next}`, level: 'warn', trouble: true };
}

/** Who took control from this viewer. The same user in another window is no stranger. */
export function controlTaken({ controlHolder, userName }: ConsoleState): string {
  if (controlHolder === null) return 'Another viewer took control';
  if (controlHolder === userName) return 'You took control in another window';
  return `${controlHolder} took control`;
}

function watching(state: ConsoleState): string {
  const { controlHolder, userName } = state;
  const { act } = controlFor(state);
  if (act === 'withdraw' && controlHolder !== null) {
    return `You asked ${controlHolder} for control`;
  }
  if (controlHolder === null) return 'Watching only';
  if (controlHolder === userName) return 'Watching only. You have control in another window';
  return `Watching only. ${controlHolder} has control`;
}

/** This viewer gets keyframes alone. */
function isThin({ remote, viewerId }: ConsoleState): boolean {
  return remote?.viewers.some(({ id, thin }) => id === viewerId && thin) ?? false;
}

/** The one line on the chin: trouble first, then where the keys go. Null says nothing. */
export function noticeFor(state: ConsoleState, focused: boolean, captured = false): Notice | null {
  if (state.phase === 'reconnecting') return reconnecting(state);
  if (state.phase !== 'live' || state.remote === null) return null;
  const { video, hid } = state.remote;
  const warn = (text: string): Notice => ({ text, level: 'warn', trouble: true });
  const calm = (text: string): Notice => ({ text, level: 'calm', trouble: false });
  if (video.failed && state.hasPicture) {
    return warn(`${FROZEN_FOR(state.pictureAgeSeconds)}: the video pipeline is being restarted`);
  }
  if (!state.inControl && isThin(state)) {
    return warn('Your network is slow: a picture every 2 s. Who has control gets them all');
  }
  if (state.hasPicture && state.pictureAgeSeconds !== null && state.pictureAgeSeconds >= 1) {
    return warn(`This picture is ${Math.round(state.pictureAgeSeconds)} s old`);
  }
  if (!state.inControl) return calm(watching(state));
  if (hid.state === 'detached' || hid.state === 'unbound') {
    return warn('Keys do not arrive: USB to the target is not connected');
  }
  if (hid.state === 'busy') {
    return warn('Keys do not arrive: another program has the USB controller of the appliance');
  }
  if (captured) return calm('The mouse is captured. Release: Right Ctrl or Esc');
  if (focused) return calm('Keys go to the target. Release: Right Ctrl');
  return calm('Click the picture to type and point');
}
