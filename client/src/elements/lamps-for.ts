import type { ConsoleState } from '../session/console-state.js';
import { formatShortMode } from './format.js';

/** One lamp: never a colour without its word. */
export interface Lamp {
  name: 'PWR' | 'SIG' | 'HID';
  colour: 'off' | 'red' | 'green' | 'blue' | 'amber';
  word: string;
}

const SIGNAL_WORDS = {
  'no-device': 'No device',
  'no-cable': 'No cable',
  'no-signal': 'No signal',
  'no-sync': 'No sync',
  'unsupported-timings': 'Bad mode',
} as const;

const HID_WORDS = {
  unbound: 'No gadget',
  detached: 'Unplugged',
  suspended: 'Asleep',
  configured: 'Ready',
  busy: 'Busy',
} as const;

/** This viewer's connection. Red is "on", as on any monitor of the time; trouble is amber. */
function power(state: ConsoleState): Lamp {
  const name = 'PWR';
  switch (state.phase) {
    case 'live':
      return { name, colour: 'red', word: 'Online' };
    case 'connecting':
      return { name, colour: 'amber', word: 'Dialing' };
    case 'reconnecting':
      return { name, colour: 'amber', word: 'Retrying' };
    case 'ended':
      return { name, colour: 'amber', word: 'Ended' };
    case 'off':
      return { name, colour: 'off', word: 'Off' };
    default:
      return { name, colour: 'off', word: 'Signed out' };
  }
}

/** The three lamps of the tower. SIG and HID say nothing that is not known right now. */
export function lampsFor(state: ConsoleState): Lamp[] {
  const remote = state.phase === 'live' ? state.remote : null;
  if (remote === null) {
    return [
      power(state),
      { name: 'SIG', colour: 'off', word: 'Unknown' },
      { name: 'HID', colour: 'off', word: 'Unknown' },
    ];
  }
  const { video, hid } = remote;
  const signal = state.signal ?? video.signal;
  const sig: Lamp =
    signal !== 'ok'
      ? { name: 'SIG', colour: 'amber', word: SIGNAL_WORDS[signal] }
      : video.failed
        ? { name: 'SIG', colour: 'amber', word: 'Failed' }
        : { name: 'SIG', colour: 'green', word: formatShortMode(video.height, video.frameRate) };
  const ready = hid.state === 'configured';
  return [
    power(state),
    sig,
    { name: 'HID', colour: ready ? 'blue' : 'amber', word: HID_WORDS[hid.state] },
  ];
}
