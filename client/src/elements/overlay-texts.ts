import type { SignalState } from '../../../server/protocol/control-messages.js';

/** The words of a card: what is seen, what it most likely means, what to try next. */
export interface OverlayText {
  icon: 'plug' | 'wait' | 'warn' | 'power' | 'sleep';
  title: string;
  text: string;
  tries: string[];
  foot: string | null;
  busy: boolean;
}

const LISTENING = 'Still listening. The picture appears by itself.';
const LISTENING_KEYS =
  'Still listening. The picture appears by itself. Keys are sent all the same.';

/** One card for each reason why there is no picture, and the two that USB lets us tell apart. */
export const SIGNAL_TEXTS: Record<Exclude<SignalState, 'ok'> | 'asleep' | 'off', OverlayText> = {
  'no-device': {
    icon: 'warn',
    title: 'The video input is missing',
    text: 'The appliance cannot open its capture device: it is not connected, has no driver, or another program has it.',
    tries: [
      'Look whether the ribbon cable of the HDMI board sits firmly',
      'On the appliance, check that the device of --device exists',
      'End other programs that capture video',
    ],
    foot: 'The appliance tries again by itself. Keyboard and mouse still work.',
    busy: true,
  },
  'no-cable': {
    icon: 'plug',
    title: 'No cable to the target',
    text: 'The HDMI input gets no +5 V. The cable is most likely unplugged, or the target has no power at all.',
    tries: [
      'Plug the HDMI cable in at both ends',
      'Look whether the target has power',
      'Try another cable or the other HDMI port of the target',
    ],
    foot: LISTENING,
    busy: true,
  },
  'no-signal': {
    icon: 'plug',
    title: 'No picture from the target',
    text: 'The cable is in, but the target sends no video clock. It is most likely switched off or showing its picture elsewhere.',
    tries: [
      'Press a key or move the mouse: a blanked screen wakes',
      'Switch the target on',
      'Make this display the first one on the target',
    ],
    foot: LISTENING_KEYS,
    busy: true,
  },
  'no-sync': {
    icon: 'plug',
    title: 'The picture does not hold',
    text: 'There is a video clock, but the timings do not lock. The target is most likely changing its mode, or the cable is bad.',
    tries: [
      'Wait a moment: a change of mode takes a second or two',
      'Try a shorter or better cable',
      'Choose a lower resolution on the target',
    ],
    foot: LISTENING_KEYS,
    busy: true,
  },
  'unsupported-timings': {
    icon: 'warn',
    title: 'This resolution cannot be captured',
    text: 'The target sends a picture, but in a mode that the video input cannot take.',
    tries: [
      'Choose 1920x1080 or less at 60 Hz on the target',
      'In firmware or a boot menu, wait: the next screen often uses another mode',
      'Restart the target, so that it reads the display data again',
    ],
    foot: LISTENING_KEYS,
    busy: true,
  },
  asleep: {
    icon: 'sleep',
    title: 'The target is asleep or switched off',
    text: 'There is no picture and USB is suspended but powered: so looks a sleeping computer from here, and one that is off and still powers its USB ports.',
    tries: [
      'Click here and press a key: it asks the target to wake',
      'Some targets wake only by their own power button',
    ],
    foot: LISTENING_KEYS,
    busy: true,
  },
  off: {
    icon: 'power',
    title: 'The target is switched off',
    text: 'There is no picture and nothing powers the USB port: the target is most likely off, or its USB cable is out.',
    tries: ['Switch the target on', 'Look at the USB cable between target and appliance'],
    foot: LISTENING,
    busy: true,
  },
};
