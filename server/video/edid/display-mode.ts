/** A mode of a display with its exact timing, in pixels and lines; sync pulses are positive unless said. */
export interface DisplayMode {
  width: number;
  height: number;
  /** Multiples of 10 kHz. */
  pixelClockHz: number;
  horizontal: { blanking: number; frontPorch: number; sync: number };
  vertical: { blanking: number; frontPorch: number; sync: number };
  negativeSync?: 'horizontal' | 'vertical';
  /** The video identification code of CTA-861; absent for a computer's mode. */
  vic?: number;
}

/** CTA-861 and, for 1280x800, VESA DMT 1.13 with reduced blanking: what fits through two CSI lanes with the least clock. */
export const DISPLAY_MODES = {
  '1280x720@60': {
    width: 1280,
    height: 720,
    pixelClockHz: 74_250_000,
    horizontal: { blanking: 370, frontPorch: 110, sync: 40 },
    vertical: { blanking: 30, frontPorch: 5, sync: 5 },
    vic: 4,
  },
  '1280x720@50': {
    width: 1280,
    height: 720,
    pixelClockHz: 74_250_000,
    horizontal: { blanking: 700, frontPorch: 440, sync: 40 },
    vertical: { blanking: 30, frontPorch: 5, sync: 5 },
    vic: 19,
  },
  '1920x1080@25': {
    width: 1920,
    height: 1080,
    pixelClockHz: 74_250_000,
    horizontal: { blanking: 720, frontPorch: 528, sync: 44 },
    vertical: { blanking: 45, frontPorch: 4, sync: 5 },
    vic: 33,
  },
  '1920x1080@30': {
    width: 1920,
    height: 1080,
    pixelClockHz: 74_250_000,
    horizontal: { blanking: 280, frontPorch: 88, sync: 44 },
    vertical: { blanking: 45, frontPorch: 4, sync: 5 },
    vic: 34,
  },
  '1280x800@60': {
    width: 1280,
    height: 800,
    pixelClockHz: 71_000_000,
    horizontal: { blanking: 160, frontPorch: 48, sync: 32 },
    vertical: { blanking: 23, frontPorch: 3, sync: 6 },
    negativeSync: 'vertical',
  },
} as const satisfies Record<string, DisplayMode>;
