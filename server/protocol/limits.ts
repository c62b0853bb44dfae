/** Limits and times that page and appliance share. Milliseconds and bytes as named. */
export const LIMITS = {
  /** HTTP bodies: an SDP offer of a browser is about 6 kB. */
  maxBodyBytes: 64 * 1024,
  /** An EDID for upload. Those that chips take have 256; more, so that one in hexadecimal text is told what it is. */
  maxEdidBytes: 4 * 1024,
  /** One message on a data channel or WebSocket from a viewer. */
  maxMessageBytes: 4 * 1024,
  /** The appliance pings each carrier this often; the page answers on receipt. */
  pingIntervalMs: 1000,
  /** Without any answer for this long the carrier is dead and its keys are released. */
  carrierTimeoutMs: 3000,
  /** The page calls a picture old when it lags the appliance's last picture by more than this. */
  oldPictureMs: 1000,
  /** Video backlog on a WebSocket beyond which pictures are dropped up to the next keyframe. */
  maxBacklogMs: 150,
  /** Lost input is sent again on the unreliable lane after these delays, until acknowledged. */
  inputResendMs: [20, 60],
  /** Characters of a viewer's display name. */
  maxNameLength: 64,
  minPasswordLength: 12,
  maxPasswordLength: 256,
  /** Owners included. */
  maxAccounts: 32,
} as const;
