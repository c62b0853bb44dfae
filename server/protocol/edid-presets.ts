/**
 * What the appliance can pretend to be, by the mode that the target is to choose. 1280x720@60 is the default: the encoder
 * of a Pi Zero 2 W codes it at its full rate, and of 1080p only half as many pictures.
 */
export const EDID_PRESETS = ['1280x720@60', '1920x1080@25', '1920x1080@30', '1280x800@60'] as const;

export type EdidPreset = (typeof EDID_PRESETS)[number];

export const DEFAULT_EDID_PRESET: EdidPreset = '1280x720@60';

export function isEdidPreset(text: string): text is EdidPreset {
  return (EDID_PRESETS as readonly string[]).includes(text);
}
