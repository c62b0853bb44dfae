import { restoreTheme } from '../../client/src/controllers/theme.js';
import '../../client/src/elements/kvm-app.js';
import {
  type ConsoleActions,
  type ConsoleState,
  INITIAL_STATE,
  type PictureHost,
} from '../../client/src/session/console-state.js';
import { Store } from '../../client/src/session/store.js';
import type { EdidReply, UsbReply } from '../../server/protocol/api.js';
import { EDID_PRESETS } from '../../server/protocol/edid-presets.js';
import { USB_FUNCTIONS } from '../../server/protocol/usb-functions.js';
import { drawDesktop } from './demo-picture.js';
import { DEMO_STATES } from './demo-states.js';

/** The page without an appliance: `#name` chooses one of DEMO_STATES. For screenshots, never in the product. */
const store = new Store<ConsoleState>(DEMO_STATES[location.hash.slice(1)] ?? INITIAL_STATE);

const DEMO_EDID: EdidReply = {
  choice: '1280x720@60',
  presets: [...EDID_PRESETS],
  edid: '',
  state: 'shown',
};

const DEMO_USB: UsbReply = {
  state: 'configured',
  functions: USB_FUNCTIONS.slice(0, 3),
  wanted: [...USB_FUNCTIONS],
  problem: null,
};

/** Calls of the page, `name argument ...`, for tests to read from the body's data-calls. */
const calls: string[] = [];
const record = (name: string, ...values: unknown[]): void => {
  calls.push([name, ...values].join(' '));
  document.body.dataset['calls'] = calls.join('\n');
};

function showDesktop(host: PictureHost): void {
  const canvas = document.createElement('canvas');
  host.append(canvas);
  const fonts = ['24px "JetBrains Mono"', '600 20px "IBM Plex Sans"'];
  const draw = (): void => {
    drawDesktop(canvas);
    document.body.dataset['drawn'] = 'yes';
  };
  Promise.all(fonts.map((font) => document.fonts.load(font))).then(draw, draw);
}

const actions: ConsoleActions = {
  claim: async (code, name, password) => record('claim', code, name, password),
  login: async (name, password) => record('login', name, password),
  logout: async () => store.update({ phase: 'login', userName: null, role: null }),
  power: () => store.update({ phase: store.value.phase === 'live' ? 'off' : 'live' }),
  chooseTransport: (setting) => store.update({ transportSetting: setting }),
  takeControl: () => store.update({ inControl: true, controlLost: false }),
  askForControl: (ask) => record('askForControl', ask),
  grantControl: (viewer) => record('grantControl', viewer),
  refuseControl: (viewer) => record('refuseControl', viewer),
  releaseControl: () => store.update({ inControl: false }),
  dismissControlNews: () => store.update({ controlLost: false, controlRefused: null }),
  sendChord: (codes) => record('sendChord', ...codes),
  loadUsb: async () => {
    record('loadUsb');
    store.update({ usb: DEMO_USB });
  },
  actOnUsb: async (act) => {
    record('actOnUsb', act);
    if (act === 'wake') store.update({ usbError: 'The computer sleeps on.' });
    else if (act !== 'replug') {
      store.update({ usb: { ...DEMO_USB, functions: [...act], wanted: [...act] } });
    }
  },
  loadEdid: async () => {
    record('loadEdid');
    store.update({ edid: DEMO_EDID });
  },
  chooseEdid: async (choice) => {
    record('chooseEdid', typeof choice === 'string' ? choice : `${choice.byteLength} bytes`);
    if (typeof choice === 'string') store.update({ edid: { ...DEMO_EDID, choice } });
    else store.update({ edidError: 'This EDID is not usable: byte 18: version 2 is not 1.' });
  },
  mountPicture: (host) => {
    record('mountPicture');
    host.addEventListener('keydown', (event) => {
      if (event.code === 'ControlRight') host.releaseFocus();
    });
    showDesktop(host);
  },
};

restoreTheme();
const app = document.createElement('kvm-app');
app.store = store;
app.actions = actions;
document.body.append(app);
