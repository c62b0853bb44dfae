import type { FastifyInstance } from 'fastify';
import { KvmError } from '../../errors.js';
import { EdidReply, EdidRequest } from '../../protocol/api.js';
import { API } from '../../protocol/api-paths.js';
import { EDID_PRESETS, isEdidPreset } from '../../protocol/edid-presets.js';
import { LIMITS } from '../../protocol/limits.js';
import type { EdidService } from '../edid-service.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';
import type { SessionService } from '../session-service.js';

const BINARY = 'application/octet-stream';

/**
 * The display that the target sees: GET tells, PUT changes it, with a preset's name as JSON or with an EDID of the user's
 * as bytes. Only who has control changes it, or anybody signed in while nobody has. `edid` is null for a target that is not
 * captured.
 */
export async function addEdidRoutes(
  parent: FastifyInstance,
  edid: EdidService | null,
  sessions: Pick<SessionService, 'mayDrive'>,
): Promise<void> {
  const path = `/${API.edid}`;
  const service = (): EdidService => {
    if (!edid) throw new KvmError('no-edid');
    return edid;
  };
  // A scope of its own: only this route takes bytes.
  await parent.register((app, _options, done) => {
    const asBytes = { parseAs: 'buffer', bodyLimit: LIMITS.maxEdidBytes } as const;
    app.addContentTypeParser(BINARY, asBytes, (_request, body, parsed) => parsed(null, body));

    app.get(
      path,
      { ...SIGNED_IN_ONLY, schema: { response: { 200: EdidReply } } },
      (): EdidReply => service().reply,
    );

    app.put<{ Body: Buffer | EdidRequest }>(
      path,
      {
        ...SIGNED_IN_ONLY,
        schema: {
          body: {
            content: { 'application/json': { schema: EdidRequest }, [BINARY]: { schema: {} } },
          },
          response: { 200: EdidReply },
        },
      },
      async (request): Promise<EdidReply> => {
        if (!sessions.mayDrive(requireSignIn(request))) throw new KvmError('not-in-control');
        const { body } = request;
        // No content type and no body.
        if (!body)
          throw new KvmError('unsupported-media-type', `The body must be JSON or ${BINARY}.`);
        if (Buffer.isBuffer(body)) return await service().upload(body);
        if (isEdidPreset(body.preset)) return await service().choosePreset(body.preset);
        throw new KvmError(
          'bad-edid',
          `There is no such preset; there is ${EDID_PRESETS.join(', ')}.`,
        );
      },
    );
    onlyMethods(app, path, ['GET', 'HEAD', 'PUT']);
    done();
  });
}
