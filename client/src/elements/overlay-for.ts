import { ERRORS } from '../../../server/protocol/error-codes.js';
import type { ConsoleState } from '../session/console-state.js';
import { type OverlayText, SIGNAL_TEXTS } from './overlay-texts.js';
import { type Fact, signalFacts } from './signal-facts.js';

/** What stands in the tube instead of a picture, and why. */
export type Overlay =
  | { kind: 'claim' | 'login' }
  | (OverlayText & { kind: 'message'; facts: Fact[]; button: 'power' | 'reload' | null });

function message(
  text: OverlayText,
  facts: Fact[] = [],
  button: 'power' | 'reload' | null = null,
): Overlay {
  return { kind: 'message', ...text, facts, button };
}

const ENDED_TITLES: Partial<Record<string, string>> = {
  'too-many-viewers': 'Too many viewers',
  'no-decoder': 'This browser cannot show the picture',
};

function ended(state: ConsoleState): Overlay {
  const code = state.end ?? 'session-ended';
  const reload = code === 'version-mismatch';
  const next: Partial<Record<typeof code, string[]>> = {
    'too-many-viewers': ['Ask somebody who watches to switch off, then connect again'],
    'logged-out': ['Sign in again: the password may have been changed'],
    'version-mismatch': ['Reload this page to get the version of the appliance'],
    'no-decoder': [
      'Use a current Chrome, Edge, Safari or Firefox',
      'If the address of this page ends in ?transport=, open it without that',
    ],
    'heartbeat-missed': ['Look whether this computer slept or lost its network, then connect'],
    'shutting-down': ['Wait until the appliance has started again, then connect'],
  };
  return message(
    {
      icon: 'plug',
      title: ENDED_TITLES[code] ?? 'The session has ended',
      text: ERRORS[code].message,
      tries: next[code] ?? ['Connect again', 'If it ends again, look at the log of the appliance'],
      foot: 'The target was not touched. Your keys were released.',
      busy: false,
    },
    [],
    reload ? 'reload' : 'power',
  );
}

function connecting(title: string, text: string, foot: string | null = null): Overlay {
  return message({ icon: 'wait', title, text, tries: [], foot, busy: true });
}

/** The page is there but the appliance may not be: then the log's last line says why. */
function starting(state: ConsoleState): Overlay {
  const last = state.log.at(-1);
  return last?.kind === 'error'
    ? connecting('The appliance does not answer', `${last.text}.`, 'Trying again by itself.')
    : connecting('Starting', 'Asking the appliance who may come in.');
}

/** Signal lost: sleep and power-off are told apart by what USB says at the same time. */
function noPicture(state: ConsoleState): Overlay | null {
  const { remote } = state;
  if (remote === null) {
    return connecting('Connected', 'Waiting for the first report of the appliance.');
  }
  const signal = state.signal ?? remote.video.signal;
  if (signal !== 'ok') {
    const asleep = signal === 'no-signal' && remote.hid.state === 'suspended';
    const off = signal === 'no-signal' && remote.hid.state === 'detached';
    const key = asleep ? 'asleep' : off ? 'off' : signal;
    return message(SIGNAL_TEXTS[key], signalFacts(signal, remote.hid.state));
  }
  if (state.hasPicture) return null;
  if (remote.video.failed) {
    return message({
      icon: 'warn',
      title: 'The video pipeline failed',
      text: `${ERRORS['pipeline-failed'].message} Keys and mouse still work.`,
      tries: [
        'Wait: each attempt waits a little longer than the last',
        'If it lasts, the log of the appliance names the device and the error',
      ],
      foot: 'The picture appears by itself.',
      busy: true,
    });
  }
  return connecting('Waiting for the first picture', 'Connected, and the target sends video.');
}

/**
 * The one thing to show in the tube, or null when the picture speaks for itself. A frozen last picture stays
 * uncovered while reconnecting or restarting: the chin says so then (see noticeFor).
 */
export function overlayFor(state: ConsoleState): Overlay | null {
  switch (state.phase) {
    case 'starting':
      return starting(state);
    case 'claim':
    case 'login':
      return { kind: state.phase };
    case 'off':
      return message(
        {
          icon: 'power',
          title: 'Switched off',
          text: 'You are signed in. Press the power button to connect.',
          tries: [],
          foot: 'Power connects and disconnects you. It never touches the target.',
          busy: false,
        },
        [],
        'power',
      );
    case 'connecting':
      return connecting(
        'Connecting',
        'Setting up the way to the appliance.',
        state.transportNote ?? 'The power button stops the attempt.',
      );
    case 'reconnecting': {
      if (state.hasPicture) return null;
      const wait = state.retryInSeconds;
      return connecting(
        'Connection lost',
        wait === null || wait <= 0 ? 'Trying again now.' : `Trying again in ${Math.ceil(wait)} s.`,
        'Your keys were released on the target.',
      );
    }
    case 'ended':
      return ended(state);
    case 'live':
      return noPicture(state);
  }
}
