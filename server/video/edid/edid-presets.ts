import type { EdidPreset } from '../../protocol/edid-presets.js';
import { DISPLAY_MODES } from './display-mode.js';

export {
  DEFAULT_EDID_PRESET,
  EDID_PRESETS,
  type EdidPreset,
  isEdidPreset,
} from '../../protocol/edid-presets.js';

/** The mode that a preset prefers. */
export const presetMode = (preset: EdidPreset) => DISPLAY_MODES[preset];
