import { fileURLToPath } from 'node:url';
import type { WebSocket } from 'ws';
import { createPipeline, monotonicUs } from '../native/index.js';
import { createAuthenticator } from './auth/create-authenticator.js';
import { iceOptions } from './config/ice-options.js';
import type { Config } from './config.js';
import { deviceSerial } from './hid/gadget-identity.js';
import { HidController } from './hid/hid-controller.js';
import { Certificate } from './http/certificate.js';
import { certificateDirectory } from './http/certificate-directory.js';
import { createHttpServer } from './http/http-server.js';
import { CloseStack } from './lifecycle.js';
import type { Logger } from './logger.js';
import { packageVersion } from './package-version.js';
import type { StateMessage } from './protocol/control-messages.js';
import { ControlSettings } from './session/control-settings.js';
import { SessionGateway } from './session/session-gateway.js';
import { SessionManager } from './session/session-manager.js';
import { SocketCarrier } from './socket/socket-carrier.js';
import { controlFile } from './store/control-file.js';
import { dtlsCertificateFile } from './store/dtls-certificate-file.js';
import { edidFile } from './store/edid-file.js';
import { iceFile } from './store/ice-file.js';
import { openStateDirectory } from './store/state-directory.js';
import { lockStateDirectory } from './store/state-lock.js';
import { UserStore } from './store/user-store.js';
import { createTarget } from './target/create-target.js';
import type { Target } from './target/target.js';
import { AdaptiveFeed } from './video/adaptation/adaptive-feed.js';
import { EdidControl } from './video/edid/edid-control.js';
import type { WhileStopped } from './video/edid/edid-keeper.js';
import { EncoderChoice } from './video/encoder-choice.js';
import { systemTimers } from './video/keyframe-policy.js';
import { VideoSupervisor } from './video/video-supervisor.js';
import { loadDtlsCertificate } from './webrtc/dtls-certificate.js';
import { IceServers } from './webrtc/ice-servers.js';
import { createPeerFactory, type PeerFactory } from './webrtc/peer-factory.js';

/** The project's root as seen from dist/server: where certs/ is. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PAGE = fileURLToPath(new URL('../page', import.meta.url));

/** The running appliance. */
export interface Appliance {
  /** Where users open the page. */
  readonly url: string;
  /** Releases all input, says goodbye to viewers and closes everything in order. Idempotent. */
  close(): Promise<void>;
}

/** Parts that tests and benchmarks replace. */
export interface ApplianceParts {
  createTarget(config: Config, logger: Logger): Promise<Target>;
  createPipeline: typeof createPipeline;
  createPeerFactory: typeof createPeerFactory;
}

const PARTS: ApplianceParts = {
  createTarget: (config, logger) => createTarget({ ...config, kind: config.target, logger }),
  createPipeline,
  createPeerFactory,
};

/**
 * Builds and starts the appliance; what is opened last closes first. Throws StartError with one sentence for the
 * user, and then nothing stays open.
 */
export async function createAppliance(
  config: Config,
  logger: Logger,
  parts: Partial<ApplianceParts> = {},
): Promise<Appliance> {
  const closing = new CloseStack();
  try {
    const url = await start(config, logger, { ...PARTS, ...parts }, closing);
    return { url, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(
  config: Config,
  logger: Logger,
  parts: ApplianceParts,
  closing: CloseStack,
): Promise<string> {
  await openStateDirectory(config.stateDir);
  // First, so that it is let go of last: nothing of this appliance writes there any more.
  const lock = await lockStateDirectory(config.stateDir);
  closing.defer('state directory', () => lock.close());
  const users = await UserStore.open(config.stateDir, logger);
  const certificate = await Certificate.open({
    certPath: config.certPath,
    keyPath: config.keyPath,
    certDir: certificateDirectory(ROOT, config.stateDir),
    extraHosts: namesOf(config),
    logger,
  });
  const dtlsCertificate = await loadDtlsCertificate(
    dtlsCertificateFile(config.stateDir, logger),
    Date.now(),
  );

  const target = await parts.createTarget(config, logger);
  closing.defer('target', () => target.close());

  // The manager is made after what it reads; nothing changes before it is there.
  let sessions: SessionManager | undefined;
  const changed = () => sessions?.stateChanged();

  const source = target.videoSource;
  const encoders = new EncoderChoice({ option: config.encoder, source, logger });
  const hid = new HidController(target.hid, { onChange: changed });
  hid.start();
  closing.defer('input', () => hid.close());
  const edid = await openEdid(target, config, logger, (work) => video.interrupt(work));
  closing.defer('EDID', () => edid?.close());
  const video = new VideoSupervisor({
    createPipeline: (listener) => {
      edid?.ensure();
      const { bitrateBps, frameRate } = config;
      const options = { source, encoder: encoders.next(), bitrateBps, frameRate };
      return parts.createPipeline(options, listener);
    },
    setWatched: (watched) => target.setWatched(watched),
    signal: (signal) => target.pipelineSignal?.(signal),
    changed,
    timers: systemTimers,
    logger,
  });
  closing.defer('video', () => video.close());
  video.setQuantizers({ finest: config.qpMin, coarsest: config.qpMax });
  const adaptedVideo = new AdaptiveFeed({
    video,
    limits: {
      ceilingBps: config.bitrateBps,
      floorBps: config.bitrateFloorBps,
      frameRate: config.frameRate,
    },
    fixed: config.bitrateFixed,
    timers: systemTimers,
  });
  closing.defer('adaptation', () => adaptedVideo.close());
  closing.defer('signal listener', target.onSignal(changed));

  const ice = await IceServers.open({
    fixed: iceOptions(config),
    memory: iceFile(config.stateDir, logger),
    logger,
    changed,
    replaced: () => checkServers(peers, logger),
  });

  const control = await ControlSettings.open({
    options: { shared: config.sharedControl, idleSeconds: config.controlIdleSeconds },
    memory: controlFile(config.stateDir, logger),
    apply: (rules, loginId) => sessions?.changeControl(rules, loginId),
    logger,
  });

  const readState = (): Omit<StateMessage, 'viewers' | 'control'> => {
    const { state: signal, width, height, frameRate } = target.signal;
    return {
      type: 'state',
      nowUs: monotonicUs(),
      video: { signal, width, height, frameRate, ...video.status },
      hid: { state: hid.state, leds: hid.leds },
      target: { kind: target.kind },
      ...(ice.problems.length > 0 && { iceProblems: ice.problems }),
    };
  };
  sessions = new SessionManager({
    video: adaptedVideo,
    sink: hid,
    maxViewers: config.maxViewers,
    control: control.rules,
    nowUs: monotonicUs,
    readState,
    logger,
  });
  const manager = sessions;

  const peers = parts.createPeerFactory({
    logger,
    dtlsCertificate,
    extraHosts: config.extraHosts,
    iceAddresses: config.iceAddresses,
    iceTcp: !config.noIceTcp,
    ice,
    ...(config.udpPorts
      ? { udpPorts: { first: config.udpPorts.low, last: config.udpPorts.high } }
      : {}),
  });
  closing.defer('WebRTC peers', () => peers.close());

  const http = await createHttpServer({
    auth: createAuthenticator(users, (code) => announceClaim(code, logger)),
    sessions: new SessionGateway<WebSocket>({
      manager,
      webrtc: peers,
      attachSocket: (socket, owner) => new SocketCarrier(socket, owner),
      ice,
    }),
    control,
    edid,
    ice,
    usb: target.usb ?? null,
    certificate,
    logger,
    version: packageVersion(),
    pageDir: PAGE,
    listenAddress: config.listenAddress,
    port: config.port,
    extraHosts: config.extraHosts,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
  });
  closing.defer('HTTPS server', () => http.close());
  // First on the way down: sessions release their keys while the target can still hear it.
  closing.defer('sessions', () => manager.close());

  preload(peers, logger);
  return http.url;
}

/** The display that a captured computer sees, from the start on; nothing for the simulated one. */
async function openEdid(
  target: Target,
  config: Config,
  logger: Logger,
  whileStopped: WhileStopped,
): Promise<EdidControl | null> {
  const source = target.videoSource;
  if (source.kind !== 'capture-device') return null;
  return await EdidControl.open({
    path: source.path,
    option: config.edid,
    serial: config.usbSerial ?? deviceSerial(),
    memory: edidFile(config.stateDir, logger),
    whileStopped,
    timers: systemTimers,
    logger,
  });
}

/** Loads WebRTC after the server listens, so that start-up does not wait and the first viewer neither. */
function preload(peers: PeerFactory, logger: Logger): void {
  setImmediate(() => {
    peers.preload().then(
      () => checkServers(peers, logger),
      (error: unknown) => {
        logger.error({ err: error }, 'WebRTC could not be loaded: viewers use the WebSocket');
      },
    );
  });
}

/** What is wrong with STUN and TURN servers is told before a viewer needs them. */
function checkServers(peers: PeerFactory, logger: Logger): void {
  peers.checkServers().catch((error: unknown) => {
    logger.error({ err: error }, 'the STUN and TURN servers could not be asked');
  });
}

/** The claim code is printed on purpose: reading the log proves presence. */
function announceClaim(code: string, logger: Logger): void {
  logger.info(
    { claimCode: code },
    `this unit has no owner: claim it on its page with the code ${code}`,
  );
}

/** Further names that the certificate covers. */
function namesOf(config: Config): string[] {
  const url = config.publicUrl;
  return url ? [...config.extraHosts, new URL(url).hostname] : [...config.extraHosts];
}
