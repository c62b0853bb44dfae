import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import type {
  ClientMessage,
  HelloMessage,
  ServerMessage,
  StateMessage,
} from '../../../server/protocol/control-messages.js';
import { decodePing, encodePong } from '../../../server/protocol/input-codec.js';
import { apiCall } from '../../e2e/api-call.js';
import { TestAppliance } from '../../e2e/test-appliance.js';
import { offerText } from '../../unit/webrtc/offer-text.js';
import { until } from '../http/until.js';

const OWNER = { name: 'ada', password: 'correct horse battery' };
/** Caches have their size after so many. */
const WARM_UP = 40;
const CYCLES = 200;
/** The heap of a running appliance goes up and down by half a megabyte; a kept peer alone has more than this each. */
const BYTES_PER_CYCLE = 10_000;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A viewer on the WebSocket carrier that shows nothing. */
class SocketViewer {
  readonly session: string;
  readonly socket: WebSocket;
  /** All but the states, of which the last one is kept. */
  readonly messages: ServerMessage[] = [];
  state: StateMessage | undefined;

  constructor(base: string, session: string, token: string) {
    this.session = session;
    const url = new URL(`api/session/${session}/socket`, base.replace('https', 'wss'));
    const headers = { Authorization: `Bearer ${token}` };
    this.socket = new WebSocket(url, { headers, rejectUnauthorized: false });
    this.socket.on('message', (content, isBinary) => {
      if (isBinary) {
        const ping = decodePing(content as Buffer);
        if (ping) this.socket.send(encodePong(ping.id));
        return;
      }
      const message = JSON.parse(String(content)) as ServerMessage;
      if (message.type === 'state') this.state = message;
      else this.messages.push(message);
    });
  }

  get hello(): HelloMessage | undefined {
    return this.messages.find((message) => message.type === 'hello');
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }
}

describe('many viewers', () => {
  let appliance: TestAppliance;
  let token: string;

  before(async () => {
    appliance = await TestAppliance.start();
    await apiCall('POST', `${appliance.url}api/claim`, { ...OWNER, code: appliance.claimCode });
    const login = { ...OWNER, bearer: true };
    ({ token } = await apiCall('POST', `${appliance.url}api/login`, login));
  });
  after(() => appliance.close());

  async function connect(): Promise<SocketViewer> {
    const { session } = await apiCall('POST', `${appliance.url}api/session`, null, token);
    const viewer = new SocketViewer(appliance.url, session, token);
    await until('the state', () => viewer.state);
    return viewer;
  }

  async function leave({ socket, session }: SocketViewer): Promise<void> {
    socket.close();
    await once(socket, 'close');
    await apiCall('DELETE', `${appliance.url}api/session/${session}`, null, token);
  }

  /** A plain player's offer: the address of its resource. */
  function offer(): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' };
      const options = { method: 'POST', headers, agent: false, rejectUnauthorized: false };
      const sent = request(`${appliance.url}api/whep`, options, (reply) => {
        reply.resume();
        const { location } = reply.headers;
        if (reply.statusCode !== 201 || !location) reject(new Error(`${reply.statusCode}`));
        else resolve(new URL(location, `${appliance.url}api/`).href);
      });
      sent.on('error', reject);
      sent.end(offerText());
    });
  }

  it('viewers and a plain player mix; the player can have no control', async () => {
    const first = await connect();
    const second = await connect();
    const player = await offer();
    const state = await until('all three', () =>
      first.state?.viewers.length === 3 ? first.state : undefined,
    );
    assert.deepEqual(
      state.viewers.map((viewer) => [viewer.name, viewer.inControl, viewer.player]),
      [
        ['ada', true, false],
        ['ada', false, false],
        ['ada', false, true],
      ],
    );
    const [, , third] = state.viewers;
    first.send({ type: 'grant-control', viewer: third?.id ?? '' });
    second.send({ type: 'request-control' });
    const asked = await until('the request', () =>
      first.state?.viewers.find((each) => each.asking),
    );
    assert.equal(asked.id, second.hello?.viewer);
    assert.equal(first.state?.viewers[0]?.inControl, true);
    first.send({ type: 'grant-control', viewer: asked.id });
    await until('control', () =>
      second.messages.find((message) => message.type === 'control' && message.inputEpoch > 0),
    );
    await apiCall('DELETE', player, null, token);
    await leave(first);
    await leave(second);
  });

  it('200 times connecting and leaving leave no socket, no timer and no memory behind', async () => {
    const cycle = async () => {
      const viewer = await connect();
      const player = await offer();
      viewer.send({ type: 'request-control' });
      await apiCall('DELETE', player, null, token);
      await leave(viewer);
    };
    const count = async () => {
      // What the test keeps of the log is no leak.
      appliance.log.length = 0;
      collectGarbage();
      const files = (await readdir('/proc/self/fd')).length;
      return {
        files,
        resources: process.getActiveResourcesInfo().length,
        bytes: process.memoryUsage().heapUsed,
      };
    };
    const watching = await connect();
    for (let turn = 0; turn < WARM_UP; turn += 1) await cycle();
    const before = await count();
    for (let turn = 0; turn < CYCLES; turn += 1) await cycle();
    // Connections close a moment after their last answer.
    const settled = async () => {
      const { files, resources } = await count();
      return files <= before.files && resources <= before.resources;
    };
    await until('as many sockets and timers as before', settled);
    const { bytes } = await count();
    assert.ok(bytes - before.bytes < CYCLES * BYTES_PER_CYCLE, `${bytes - before.bytes} bytes`);
    await until('one viewer', () => watching.state?.viewers.length === 1);
    await leave(watching);
  });
});
