import type { EdidReply } from '../protocol/api.js';
import type { EdidPreset } from '../protocol/edid-presets.js';

/** What the EDID routes need from the video side. */
export interface EdidService {
  /** What the target sees now and what there is to choose. */
  readonly reply: EdidReply;
  /** Shows a preset to the target and keeps it over restarts. */
  choosePreset(preset: EdidPreset): Promise<EdidReply>;
  /** Shows the user's own EDID. Rejects with KvmError bad-edid that says what is wrong at which byte. */
  upload(edid: Uint8Array): Promise<EdidReply>;
}
