import Type, { type Static } from 'typebox';
import type { HidState } from './control-messages.js';
import { LIMITS } from './limits.js';
import { ROLES, type Role } from './role.js';
import { USB_FUNCTIONS, type UsbFunction } from './usb-functions.js';

const Name = Type.String({ minLength: 1, maxLength: LIMITS.maxNameLength });
const Password = Type.String({ maxLength: LIMITS.maxPasswordLength });

/** GET /api/status: what anybody may know before signing in. */
export const StatusReply = Type.Object({
  claimed: Type.Boolean(),
  signedIn: Type.Boolean(),
  name: Type.Union([Type.String(), Type.Null()], { description: 'who is signed in' }),
  role: Type.Union([Type.Unsafe<Role>(Type.Enum([...ROLES])), Type.Null()]),
  version: Type.String(),
  protocol: Type.Integer(),
  certificateSha256: Type.String({ description: 'hex, to compare with the unit' }),
});
export type StatusReply = Static<typeof StatusReply>;

/** POST /api/claim: the code from the log (or the panel) proves presence. */
export const ClaimRequest = Type.Object(
  { code: Type.String({ maxLength: 64 }), name: Name, password: Password },
  { additionalProperties: false },
);
export type ClaimRequest = Static<typeof ClaimRequest>;

/** POST /api/login. With `bearer` the reply holds a token and no cookie is set. */
export const LoginRequest = Type.Object(
  { name: Name, password: Password, bearer: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export type LoginRequest = Static<typeof LoginRequest>;

export const LoginReply = Type.Object({ name: Type.String(), token: Type.Optional(Type.String()) });
export type LoginReply = Static<typeof LoginReply>;

/** POST /api/password: ends every other sign-in of this user, and their media and input at once. */
export const PasswordRequest = Type.Object(
  { current: Password, next: Password },
  { additionalProperties: false },
);
export type PasswordRequest = Static<typeof PasswordRequest>;

/** POST /api/session: makes the viewer session that carriers attach to. */
export const SessionReply = Type.Object({
  session: Type.String(),
  iceServers: Type.Array(
    Type.Object({
      urls: Type.Array(Type.String()),
      username: Type.Optional(Type.String()),
      credential: Type.Optional(Type.String()),
    }),
  ),
  iceTransportPolicy: Type.Unsafe<'all' | 'relay'>(
    Type.String({ description: 'relay: show no address but those of relays' }),
  ),
});
export type SessionReply = Static<typeof SessionReply>;

/**
 * Whether the target sees the EDID: yes; not yet, because the capture device is away or refuses it for now; or never, because
 * the device has one of its own that cannot be changed.
 */
export type EdidState = 'shown' | 'waiting' | 'fixed';

/** GET and PUT /api/edid: the display that the target sees. */
export const EdidReply = Type.Object({
  choice: Type.String({ description: 'name of a preset, or "custom"' }),
  presets: Type.Array(Type.String()),
  edid: Type.String({ description: 'base64' }),
  state: Type.Unsafe<EdidState>(Type.String()),
});
export type EdidReply = Static<typeof EdidReply>;

/** PUT /api/edid, unless the body is an EDID itself (application/octet-stream). */
export const EdidRequest = Type.Object(
  { preset: Type.String({ maxLength: 32 }) },
  { additionalProperties: false },
);
export type EdidRequest = Static<typeof EdidRequest>;

const UsbFunctions = Type.Array(Type.Unsafe<UsbFunction>(Type.Enum([...USB_FUNCTIONS])), {
  uniqueItems: true,
});

/** GET /api/usb and its POST routes: the USB device that the target sees. */
export const UsbReply = Type.Object({
  state: Type.Unsafe<HidState>(Type.String()),
  functions: UsbFunctions,
  wanted: UsbFunctions,
  problem: Type.Union([Type.String(), Type.Null()], { description: 'why there is no device' }),
});
export type UsbReply = Static<typeof UsbReply>;

/** POST /api/usb/functions: at least one, each once, in the order of interfaces. */
export const UsbFunctionsRequest = Type.Object(
  { functions: Type.Unsafe<UsbFunction[]>({ ...UsbFunctions, minItems: 1 }) },
  { additionalProperties: false },
);
export type UsbFunctionsRequest = Static<typeof UsbFunctionsRequest>;
