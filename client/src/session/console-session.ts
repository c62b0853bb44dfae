import type { StatusReply } from '../../../server/protocol/api.js';
import { API } from '../../../server/protocol/api-paths.js';
import { PROTOCOL_VERSION } from '../../../server/protocol/version.js';
import { attachInput } from '../input/attach-input.js';
import { InputSender } from '../input/input-sender.js';
import { ApiError, api } from './api-client.js';
import type { ConsoleActions, ConsoleState } from './console-state.js';
import { ControlActions } from './control-actions.js';
import { EdidActions } from './edid-actions.js';
import { EventLog } from './event-log.js';
import { PictureMount } from './picture-mount.js';
import { SessionDriver } from './session-driver.js';
import type { Store } from './store.js';
import { keepTransport, keptTransport } from './transport-choice.js';
import { UsbActions } from './usb-actions.js';

/** What the page's elements work with: the actions, and the way into the target's keyboard and mouse. */
export interface ConsoleSession extends ConsoleActions {
  readonly input: InputSender;
  /** Asks who we are and connects when signed in. Called once. */
  begin(): Promise<void>;
}

/** Wires the page together: the store, the connection, input and the log. */
export function createConsoleSession(store: Store<ConsoleState>): ConsoleSession {
  const log = new EventLog(store);
  const mount = new PictureMount();
  const input: InputSender = new InputSender((bytes, lane) => {
    return driver.connection?.sendBinary(bytes, lane) ?? false;
  });
  const driver = new SessionDriver(store, log, mount, input);

  /** Runs a form's request; what goes wrong is shown in the form. */
  const submit = async (request: () => Promise<unknown>): Promise<void> => {
    store.update({ formBusy: true, formError: null });
    try {
      await request();
      const status = await api.status();
      store.update({ userName: status.name, role: status.role });
      driver.start();
    } catch (error) {
      store.update({ formError: error instanceof ApiError ? error.message : String(error) });
    } finally {
      store.update({ formBusy: false });
    }
  };

  const control = new ControlActions(store, (message) => driver.connection?.sendMessage(message));
  const edid = new EdidActions(store, log);
  const usb = new UsbActions(store, log);

  const begin = async (): Promise<void> => {
    store.update({ transportSetting: keptTransport() });
    const status = await firstStatus(log);
    store.update({ certificateSha256: status.certificateSha256, version: status.version });
    if (status.protocol !== PROTOCOL_VERSION) {
      store.update({ phase: 'ended', end: 'version-mismatch' });
    } else if (!status.claimed) {
      log.add('Waiting for an owner');
      store.update({ phase: 'claim' });
    } else if (!status.signedIn) {
      store.update({ phase: 'login' });
    } else {
      store.update({ userName: status.name, role: status.role });
      driver.start();
    }
  };

  // A closed or reloaded page ends its session at once; one that comes back from the cache starts a new one.
  let leftLive = false;
  addEventListener('pagehide', () => {
    leftLive = driver.running;
    driver.stop();
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted && leftLive) driver.start();
  });

  return {
    input,
    begin,
    claim: (code, name, password) => submit(() => api.claim(code, name, password)),
    login: (name, password) => submit(() => api.login(name, password)),
    logout: async () => {
      driver.stop();
      await api.logout().catch(() => {});
      log.add('Signed out');
      store.update({ phase: 'login', userName: null, role: null });
    },
    power: () => {
      const { phase } = store.value;
      if (phase === 'off' || phase === 'ended') driver.start();
      else if (phase !== 'starting' && phase !== 'claim' && phase !== 'login') {
        driver.stop();
        log.add('Switched off: the target goes on');
        store.update({ phase: 'off' });
      }
    },
    chooseTransport: (setting) => {
      keepTransport(setting);
      store.update({ transportSetting: setting });
      if (driver.running) driver.start();
    },
    takeControl: () => control.take(),
    askForControl: (ask) => control.ask(ask),
    releaseControl: () => driver.giveControl({ type: 'release-control' }),
    grantControl: (viewer) => driver.giveControl({ type: 'grant-control', viewer }),
    refuseControl: (viewer) => control.refuse(viewer),
    dismissControlNews: () => control.dismissNews(),
    sendChord: (codes) => input.chord(codes),
    loadUsb: () => usb.load(),
    actOnUsb: (act) => usb.act(act),
    loadEdid: () => edid.load(),
    chooseEdid: (choice) => edid.choose(choice),
    mountPicture: (host) => {
      mount.setHost(host);
      attachInput({
        element: host,
        sender: input,
        pictureSize: () => ({
          width: store.value.pictureWidth,
          height: store.value.pictureHeight,
        }),
        onRelease: () => host.releaseFocus(),
      });
    },
  };
}

/** The first answer of the appliance; asks again until there is one. */
async function firstStatus(log: EventLog): Promise<StatusReply> {
  log.add('MyKVM console');
  for (;;) {
    try {
      return await api.status();
    } catch (error) {
      log.add(`${API.status}: ${(error as Error).message}`, 'error');
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
