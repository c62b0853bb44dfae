import { randomUUID } from 'node:crypto';
import type * as Werift from 'werift';
import { KvmError } from '../errors.js';
import { addCandidates, completeAnswer } from './answer.js';
import { Gathering } from './gathering.js';
import { isUsableCandidate, MAX_REMOTE_CANDIDATES } from './ice-candidates.js';
import { parseIceFragment } from './ice-fragment.js';
import { NO_ICE_SOURCE } from './ice-source.js';
import { checkCredentials, type ExaminedOffer, type IceCredentials } from './offer.js';
import { createPeerConnection } from './peer-connection.js';
import type { PeerOptions } from './peer-options.js';
import { attribute, attributes, parseSdp } from './sdp-sections.js';
import { removeDefaultStunServer, TransportInternals } from './werift-internals.js';

/** Offer and answer, candidates and ICE restarts of one werift connection. */
export class Negotiation {
  readonly connection: Werift.RTCPeerConnection;
  readonly #werift: typeof Werift;
  readonly #options: PeerOptions;
  readonly #offer: ExaminedOffer;
  readonly #lateCandidates: string[] = [];
  readonly #listeners = new Set<(candidate: string) => void>();
  #remote: IceCredentials;
  #remoteCandidates = 0;
  #etag = randomUUID();
  #answered = false;
  #tail: Promise<unknown> = Promise.resolve();

  /** @param usePrivateParts false when selfTest found that werift's differ */
  constructor(
    werift: typeof Werift,
    options: PeerOptions,
    offer: ExaminedOffer,
    readonly usePrivateParts: boolean,
  ) {
    this.#werift = werift;
    this.#options = options;
    this.#offer = offer;
    this.#remote = offer.credentials;
    this.connection = createPeerConnection(werift, options);
    this.connection.onIceCandidate.subscribe((candidate) => this.#found(candidate?.candidate));
  }

  get etag(): string {
    return this.#etag;
  }

  /**
   * Answers the offer. The host candidates are in the answer; STUN and TURN servers are asked afterwards.
   * Throws KvmError('busy') when no UDP port is free.
   */
  async answer(): Promise<{
    sdp: string;
    rtpSender: Werift.RTCRtpSender;
    internals: TransportInternals | null;
  }> {
    const { connection } = this;
    await connection.setRemoteDescription({ type: 'offer', sdp: this.#offer.toSdp() });
    const transceiver = connection.getTransceivers().find(({ kind }) => kind === 'video');
    if (!transceiver) throw new Error('werift made no video transceiver');
    transceiver.sender.registerTrack(new this.#werift.MediaStreamTrack({ kind: 'video' }));
    transceiver.setDirection('sendonly');
    const rtpSender = transceiver.sender;
    const dtls = rtpSender.dtlsTransport;
    const source = this.#options.ice ?? NO_ICE_SOURCE;
    const relayOnly = source.policy === 'relay';
    if (!this.usePrivateParts) {
      if (relayOnly)
        throw new KvmError('connect-failed', 'This werift cannot do with relays only.');
      return { sdp: withCandidates(await this.#describe()), rtpSender, internals: null };
    }
    const gathering = new Gathering(this.#werift, dtls.iceTransport, source, this.#options);
    const internals = new TransportInternals(dtls);
    let sdp = await this.#describe();
    internals.watchSockets();
    if (relayOnly) {
      this.#answered = true;
      await gathering.needRelay((relay) => internals.watchRelay(relay));
      sdp = addCandidates(sdp, this.#lateCandidates);
    }
    this.#answered = true;
    sdp = withCandidates(sdp);
    if (!relayOnly) void gathering.askServers((relay) => internals.watchRelay(relay));
    return { sdp, rtpSender, internals };
  }

  /** Our description for the remote one that was set, complete with the sections that werift never saw. */
  async #describe(): Promise<string> {
    const { connection } = this;
    removeDefaultStunServer(connection);
    await connection.setLocalDescription(await connection.createAnswer());
    const sdp = connection.localDescription?.sdp;
    if (!sdp) throw new Error('werift made no answer');
    return completeAnswer(sdp, this.#offer);
  }

  #found(candidate: string | undefined): void {
    if (!this.#answered || !candidate) return;
    const line = `a=${candidate}`;
    if (this.#lateCandidates.includes(line)) return;
    this.#lateCandidates.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  /** Also tells those candidates at once that were found since the answer. */
  onLocalCandidate(listener: (candidate: string) => void): () => void {
    for (const candidate of this.#lateCandidates) listener(candidate);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** See {@link WebRtcCarrier.addRemoteCandidates}. Candidates that are of no use here are accepted and left out. */
  addRemoteCandidates(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const fragment = parseIceFragment(text);
      if (fragment.ufrag !== undefined && fragment.ufrag !== this.#remote.ufrag) {
        throw new KvmError('bad-candidate', 'The fragment belongs to another ICE session.');
      }
      for (const candidate of fragment.candidates.filter(isUsableCandidate)) {
        if (this.#remoteCandidates >= MAX_REMOTE_CANDIDATES) return;
        this.#remoteCandidates++;
        await this.connection.addIceCandidate({ candidate, sdpMid: this.#offer.videoMid });
      }
    });
  }

  /**
   * Restarts ICE on the same sockets with the viewer's new credentials; DTLS and with it all keys and numbers stay.
   * Returns the local fragment. Throws KvmError('bad-candidate').
   */
  restartIce(text: string, rtpSender: Werift.RTCRtpSender): Promise<string> {
    return this.#inTurn(async () => {
      const fragment = parseIceFragment(text);
      const credentials = readCredentials(fragment.ufrag, fragment.pwd);
      if (credentials.ufrag === this.#remote.ufrag || credentials.pwd === this.#remote.pwd) {
        throw new KvmError('bad-candidate', 'An ICE restart needs a new ice-ufrag and ice-pwd.');
      }
      this.#remote = credentials;
      this.#remoteCandidates = 0;
      this.#etag = randomUUID();
      this.#lateCandidates.length = 0;
      this.#answered = false;
      await this.connection.setRemoteDescription({
        type: 'offer',
        sdp: this.#offer.toSdp(credentials),
      });
      const sdp = await this.#describe();
      this.#answered = true;
      // As the answerer werift takes the association for connected and never begins its checks.
      const { iceTransport } = rtpSender.dtlsTransport;
      iceTransport.start().catch((error: unknown) => {
        this.#options.logger.debug({ err: error }, 'an ICE restart failed');
      });
      for (const candidate of fragment.candidates.filter(isUsableCandidate)) {
        if (this.#remoteCandidates++ >= MAX_REMOTE_CANDIDATES) break;
        await this.connection.addIceCandidate({ candidate, sdpMid: this.#offer.videoMid });
      }
      return localFragment(sdp, this.#offer.videoMid);
    });
  }

  /** One at a time: werift's descriptions must not interleave. */
  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(task, task);
    this.#tail = result.catch(() => {});
    return result;
  }
}

/** The answer, which without a candidate would leave the viewer waiting. Throws KvmError('busy'). */
function withCandidates(sdp: string): string {
  if (sdp.includes('\r\na=candidate:')) return sdp;
  throw new KvmError('busy', 'No UDP port is free for the connection.');
}

function readCredentials(ufrag: string | undefined, pwd: string | undefined): IceCredentials {
  try {
    return checkCredentials(ufrag, pwd);
  } catch (error) {
    throw new KvmError('bad-candidate', 'The fragment has no valid ice-ufrag and ice-pwd.', {
      cause: error,
    });
  }
}

/** RFC 9725 section 4.3.3: our new credentials and candidates. */
function localFragment(sdp: string, mid: string): string {
  const { sections } = parseSdp(sdp);
  const section = sections.find(({ lines }) => attribute(lines, 'mid') === mid);
  const lines = section?.lines ?? [];
  const candidates = sections.flatMap((each) => attributes(each.lines, 'candidate'));
  return [
    'a=ice-options:trickle',
    `m=video 9 UDP/TLS/RTP/SAVPF ${section?.formats.join(' ')}`,
    `a=mid:${mid}`,
    `a=ice-ufrag:${attribute(lines, 'ice-ufrag')}`,
    `a=ice-pwd:${attribute(lines, 'ice-pwd')}`,
    ...candidates.map((value) => `a=candidate:${value}`),
    '',
  ].join('\r\n');
}
