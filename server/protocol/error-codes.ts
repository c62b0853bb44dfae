/**
 * The one table of errors: the same codes on the wire, in logs and in tests. `status` is the HTTP status that a
 * route answers with; `message` is plain English for users.
 */
export const ERRORS = {
  'bad-request': { status: 400, message: 'The request could not be understood.' },
  'bad-sdp': { status: 400, message: 'The offer is not a valid session description.' },
  'no-h264': { status: 422, message: 'The offer has no H.264 video with packetization mode 1.' },
  'no-video': { status: 422, message: 'The offer does not ask for video.' },
  'bad-candidate': { status: 400, message: 'The ICE candidate fragment is not valid.' },
  'unsupported-media-type': { status: 415, message: 'The body has the wrong content type.' },
  'too-large': { status: 413, message: 'The body is too large.' },
  'request-timeout': { status: 408, message: 'The request took too long to arrive.' },
  'precondition-failed': { status: 412, message: 'If-Match names another ICE session.' },
  'precondition-required': { status: 428, message: 'If-Match is missing.' },
  'login-required': { status: 401, message: 'Sign in first.' },
  'wrong-password': { status: 401, message: 'Name or password is wrong.' },
  'weak-password': { status: 400, message: 'The password needs at least 12 characters.' },
  'wrong-code': { status: 403, message: 'The code is wrong or no longer valid.' },
  'name-taken': { status: 409, message: 'There is an account of this name.' },
  'no-account': { status: 404, message: 'There is no account of this name.' },
  'too-many-accounts': { status: 409, message: 'There is no room for another account.' },
  'already-claimed': { status: 409, message: 'This unit already has an owner.' },
  'not-claimed': { status: 409, message: 'This unit has no owner yet: claim it first.' },
  throttled: { status: 429, message: 'Too many attempts: wait a moment.' },
  busy: { status: 503, message: 'The appliance is busy: try again.' },
  'wrong-host': { status: 421, message: 'The Host is not a name or address of this appliance.' },
  'wrong-origin': { status: 403, message: 'The request came from another origin.' },
  'not-found': { status: 404, message: 'There is nothing at this address.' },
  'method-not-allowed': { status: 405, message: 'The method is not allowed here.' },
  'no-session': { status: 404, message: 'The session does not exist or has ended.' },
  'too-many-viewers': { status: 503, message: 'The viewer limit is reached.' },
  'session-ended': { status: 410, message: 'The session has ended.' },
  'logged-out': { status: 401, message: 'This sign-in was ended.' },
  'heartbeat-missed': { status: 408, message: 'The viewer stopped answering.' },
  'carrier-replaced': { status: 409, message: 'The session moved to another carrier.' },
  'shutting-down': { status: 503, message: 'The appliance is shutting down.' },
  'protocol-error': { status: 400, message: 'A message did not follow the protocol.' },
  'version-mismatch': { status: 400, message: 'The page is of another version: reload it.' },
  'no-usb': {
    status: 409,
    message: 'The simulated computer has no USB cable that could be pulled.',
  },
  'not-in-control': { status: 403, message: 'Another viewer has control: take control first.' },
  'control-held': { status: 409, message: 'Another viewer has control: ask for it.' },
  'control-refused': { status: 403, message: 'The viewer in control said no.' },
  'not-allowed': { status: 403, message: 'Your role does not allow this.' },
  'wake-failed': { status: 409, message: 'The computer sleeps on.' },
  'bad-edid': { status: 422, message: 'The display description (EDID) is not usable.' },
  'no-edid': {
    status: 409,
    message: 'The simulated computer has no display that could be described (EDID).',
  },
  'bad-ice-servers': { status: 422, message: 'These ICE servers cannot be used.' },
  'pipeline-failed': { status: 503, message: 'The video pipeline failed and is being restarted.' },
  'no-decoder': {
    status: 422,
    message:
      'This browser can decode H.264 neither in WebRTC nor in WebCodecs nor in its media player (MSE).',
  },
  'connect-failed': { status: 504, message: 'The connection could not be set up.' },
  internal: { status: 500, message: 'Something went wrong inside the appliance.' },
} as const satisfies Record<string, { status: number; message: string }>;

/** A key of {@link ERRORS}. Never match errors by their wording. */
export type ErrorCode = keyof typeof ERRORS;

/** Body of every HTTP error reply. */
export interface ErrorBody {
  error: ErrorCode;
  message: string;
}
