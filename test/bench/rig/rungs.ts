import { Coturn } from '../../net/coturn.js';
import type { Firewall } from '../../net/internet.js';
import type { MediaPath } from '../../net/media-path.js';

/** One way of the pictures, and what makes it the only one that is left. */
export interface Rung {
  readonly name: string;
  readonly carrier: 'webrtc' | 'websocket';
  /** Of the viewer's network, and where there are servers of the appliance's too. */
  readonly firewall: Firewall;
  /** TURN servers, and then nothing but relays. */
  readonly servers: readonly string[];
  /** Whether the home's router passes on TCP for WebRTC. */
  readonly mediaTcp: boolean;
  /** What the browser must say of the way; nothing for the WebSocket. */
  readonly path: Partial<MediaPath>;
}

const DIRECT = { carrier: 'webrtc', firewall: 'open', servers: [], mediaTcp: false } as const;
const { udp, tcp, tls } = Coturn.urls;

/** From the best one down. */
export const RUNGS: readonly Rung[] = [
  { ...DIRECT, name: 'udp', path: { protocol: 'udp', relayProtocol: null } },
  { ...DIRECT, name: 'turn_udp', servers: [udp], path: { remote: 'relay' } },
  {
    ...DIRECT,
    name: 'turn_tcp',
    servers: [tcp],
    firewall: 'no-udp',
    path: { local: 'relay', remote: 'relay', relayProtocol: 'tcp' },
  },
  {
    ...DIRECT,
    name: 'turn_tls',
    servers: [tls],
    firewall: 'web-only',
    path: { local: 'relay', remote: 'relay', relayProtocol: 'tls' },
  },
  {
    ...DIRECT,
    name: 'ice_tcp',
    firewall: 'no-udp',
    mediaTcp: true,
    path: { protocol: 'tcp', relayProtocol: null },
  },
  { ...DIRECT, name: 'websocket', carrier: 'websocket', firewall: 'web-only', path: {} },
];
