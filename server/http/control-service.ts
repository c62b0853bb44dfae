import type { ControlSettingsMessage } from '../protocol/control-rules.js';

/** What the control route needs from the sessions. */
export interface ControlService {
  /** How control goes from viewer to viewer now. */
  readonly reply: ControlSettingsMessage;
  /** Other rules from now on, kept over restarts. Where control is no longer shared, the sign-in `loginId` keeps it if it can. */
  change(settings: ControlSettingsMessage, loginId: string): Promise<void>;
}
