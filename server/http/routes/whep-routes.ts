import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KvmError } from '../../errors.js';
import type { SessionReply } from '../../protocol/api.js';
import { API } from '../../protocol/api-paths.js';
import { LIMITS } from '../../protocol/limits.js';
import type { WebRtcCarrier } from '../../session/carrier.js';
import { candidateEvents } from '../candidate-events.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';
import type { SessionService } from '../session-service.js';

const SDP = 'application/sdp';
const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** The relation of the candidate stream in Link: ours, since WHEP's own events extension has another protocol. */
export const CANDIDATES_REL = 'urn:mykvm:whep:candidates';

type WithId = { Params: { id: string } };

/**
 * WHEP (draft-ietf-wish-whep; the HTTP rules are those of RFC 9725): the offer in, the answer out, trickle ICE and ICE
 * restarts by PATCH, the end by DELETE. `basePath` is the path of the public URL, for Location behind a proxy.
 */
export async function addWhepRoutes(
  parent: FastifyInstance,
  sessions: SessionService,
  basePath: string,
): Promise<void> {
  const collection = `/${API.whep}`;
  const resource = `${collection}/:id`;
  const candidates = `${resource}/candidates`;
  // A scope of its own: only these routes take SDP, and they take nothing else.
  await parent.register((app, _options, done) => {
    app.removeAllContentTypeParsers();
    const asText = { parseAs: 'string', bodyLimit: LIMITS.maxBodyBytes } as const;
    app.addContentTypeParser([SDP, SDP_FRAGMENT], asText, (_request, body, parsed) => {
      parsed(null, body);
    });

    app.post<{ Querystring: { session?: string } }>(
      collection,
      SIGNED_IN_ONLY,
      async (request, reply) => {
        const signIn = requireSignIn(request);
        const offer = textBody(request, SDP, 'bad-sdp');
        const { session } = request.query;
        if (session !== undefined && typeof session !== 'string') throw new KvmError('bad-request');
        const { id, carrier } = await sessions.whep(offer, session ?? null, signIn);
        const location = `${basePath}${API.whep}/${id}`;
        return reply
          .code(201)
          .type(SDP)
          .headers({ Location: location, ETag: quoted(carrier.etag), 'Accept-Patch': SDP_FRAGMENT })
          .header('Link', [
            ...serverLinks(sessions.iceServersFor(signIn)),
            `<${location}/candidates>; rel="${CANDIDATES_REL}"`,
          ])
          .send(carrier.answerSdp);
      },
    );

    app.patch<WithId>(resource, SIGNED_IN_ONLY, async (request, reply) => {
      const carrier = ownCarrier(sessions, request);
      const fragment = textBody(request, SDP_FRAGMENT, 'bad-candidate');
      return await applyFragment(carrier, fragment, request.headers['if-match'], reply);
    });

    app.delete<WithId>(resource, SIGNED_IN_ONLY, async (request, reply) => {
      ownCarrier(sessions, request).close('session-ended');
      return reply.code(200).send();
    });

    app.get<WithId>(
      candidates,
      { ...SIGNED_IN_ONLY, exposeHeadRoute: false },
      async (request, reply) => {
        const signIn = requireSignIn(request);
        const carrier = ownCarrier(sessions, request);
        const open = () => sessions.findCarrier(request.params.id, signIn.id) === carrier;
        return reply.type('text/event-stream').send(candidateEvents(carrier, open));
      },
    );

    // RFC 9725 section 4.2: tells without a sign-in what is taken here. Section 4.6: the servers, before the offer.
    app.options(collection, async (request, reply) => {
      if (request.signIn) reply.header('Link', serverLinks(sessions.iceServersFor(request.signIn)));
      return reply.code(204).headers({ 'Accept-Post': SDP, Allow: 'POST, OPTIONS' }).send();
    });
    app.options(resource, async (_request, reply) =>
      reply
        .code(204)
        .headers({ 'Accept-Patch': SDP_FRAGMENT, Allow: 'PATCH, DELETE, OPTIONS' })
        .send(),
    );

    onlyMethods(app, collection, ['POST', 'OPTIONS']);
    onlyMethods(app, resource, ['PATCH', 'DELETE', 'OPTIONS']);
    onlyMethods(app, candidates, ['GET']);
    done();
  });
}

/** RFC 9725 section 4.3: If-Match names the ICE session for candidates, and is "*" for a restart. */
async function applyFragment(
  carrier: WebRtcCarrier,
  fragment: string,
  ifMatch: string | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (ifMatch === undefined) throw new KvmError('precondition-required');
  if (ifMatch.trim() === '*') {
    const local = await carrier.restartIce(fragment);
    return reply.code(200).type(SDP_FRAGMENT).header('ETag', quoted(carrier.etag)).send(local);
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(quoted(carrier.etag))) throw new KvmError('precondition-failed');
  await carrier.addRemoteCandidates(fragment);
  return reply.code(204).send();
}

function ownCarrier(sessions: SessionService, request: FastifyRequest<WithId>): WebRtcCarrier {
  const carrier = sessions.findCarrier(request.params.id, requireSignIn(request).id);
  if (!carrier) throw new KvmError('no-session');
  return carrier;
}

function textBody(
  request: FastifyRequest,
  type: string,
  emptyCode: 'bad-sdp' | 'bad-candidate',
): string {
  const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (given !== type) {
    throw new KvmError('unsupported-media-type', `The body must be ${type}.`);
  }
  if (typeof request.body !== 'string' || request.body === '') throw new KvmError(emptyCode);
  return request.body;
}

function serverLinks(servers: SessionReply['iceServers']): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => {
      const login =
        username === undefined || credential === undefined
          ? ''
          : `; username=${quoted(username)}; credential=${quoted(credential)}; credential-type="password"`;
      return `<${url}>; rel="ice-server"${login}`;
    }),
  );
}

/** A quoted-string of RFC 9110; also the form of a strong entity tag, whose characters need no escape. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
