import { type ConsoleState, INITIAL_STATE } from '../../../client/src/session/console-state.js';
import type { HidState, StateMessage } from '../../../server/protocol/control-messages.js';

/** A viewer in control of a target that shows 1920x1080 at 60 Hz, with changes. */
export function liveState(
  change: Partial<ConsoleState> = {},
  video: Partial<StateMessage['video']> = {},
  hid: HidState = 'configured',
): ConsoleState {
  return {
    ...INITIAL_STATE,
    phase: 'live',
    userName: 'ada',
    viewerId: 'a',
    transport: 'webrtc',
    remote: {
      type: 'state',
      nowUs: 0,
      video: {
        signal: 'ok',
        width: 1920,
        height: 1080,
        frameRate: 60,
        bitrateBps: 4_000_000,
        lastPicture: null,
        failed: false,
        ...video,
      },
      hid: { state: hid, leds: null },
      target: { kind: 'hardware' },
      control: { shared: false, idleHandOverMs: 60_000 },
      viewers: [
        {
          id: 'a',
          name: 'ada',
          role: 'owner',
          inControl: true,
          asking: false,
          player: false,
          carrier: 'webrtc',
        },
      ],
    },
    hasPicture: true,
    signal: 'ok',
    pictureWidth: 1920,
    pictureHeight: 1080,
    inControl: true,
    controlHolder: 'ada',
    ...change,
  };
}
