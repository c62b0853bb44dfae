import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { ClientMessage } from './control-messages.js';
import { LIMITS } from './limits.js';

const closed = { additionalProperties: false };
const Viewer = Type.String({ minLength: 1, maxLength: 32 });

const ClientMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('take-control') }, closed),
  Type.Object({ type: Type.Literal('request-control') }, closed),
  Type.Object({ type: Type.Literal('withdraw-request') }, closed),
  Type.Object({ type: Type.Literal('grant-control'), viewer: Viewer }, closed),
  Type.Object({ type: Type.Literal('refuse-control'), viewer: Viewer }, closed),
  Type.Object({ type: Type.Literal('release-control') }, closed),
  Type.Object({ type: Type.Literal('keyframe') }, closed),
  Type.Object(
    {
      type: Type.Literal('use-carrier'),
      continues: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff })),
    },
    closed,
  ),
]);

/** The schema and the type of {@link ClientMessage} must not drift apart: this line does not compile when they do. */
const sameType = (message: Static<typeof ClientMessageSchema>): ClientMessage => message;

/**
 * Reads a JSON message of a page, the same on every carrier. Null when it is too large, no JSON or not one of the
 * messages of the protocol: the carrier then ends with `protocol-error`.
 */
export function parseClientMessage(text: string): ClientMessage | null {
  if (text.length > LIMITS.maxMessageBytes || Buffer.byteLength(text) > LIMITS.maxMessageBytes) {
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return Check(ClientMessageSchema, value) ? sameType(value) : null;
}
