import type { IceReply, IceRequest } from '../protocol/ice-configuration.js';

/** What the ICE route needs from the WebRTC side. */
export interface IceService {
  /** The servers, without their secrets, and how each answered. */
  readonly reply: IceReply;
  /** Other servers for viewers that come from now on. Rejects with KvmError bad-ice-servers. */
  change(request: IceRequest): Promise<void>;
}
