import {
  captureFormats,
  type EncoderDevice,
  listEncoders,
  type PipelineOptions,
} from '../../native/index.js';
import { StartError } from '../errors.js';

/** The encoder of a Raspberry Pi; other devices are looked at after it. */
const FIRST_CHOICE = '/dev/video11';

/** The picture formats that the pipeline hands to a hardware encoder. */
const FORMATS = ['YU12', 'NV12', 'UYVY', 'YUYV', 'RGB3'];
/** What a JPEG is decoded to for one. */
const DECODED_JPEG = 'YU12';

/** Where the choice looks; tests bring their own. */
export interface EncoderDevices {
  listEncoders(): EncoderDevice[];
  /** Throws when the capture device cannot be opened. */
  captureFormats(path: string): string[];
}

/** What the machine itself has. */
export const MACHINE: EncoderDevices = { listEncoders, captureFormats };

/** As a pipeline takes it; `name` is the driver's. */
export type ChosenEncoder = { kind: 'software' } | { kind: 'm2m'; path: string; name: string };

/**
 * Turns the --encoder option into an encoder for the source. `auto` takes the first device that encodes H.264 from a
 * format of the capture device, else software. A device that is asked for by name is never replaced: StartError says
 * what it is not.
 */
export function chooseEncoder(
  option: string,
  source: PipelineOptions['source'],
  devices: EncoderDevices = MACHINE,
): ChosenEncoder {
  if (option === 'software') return { kind: 'software' };
  if (source.kind === 'frame-buffer') return forSimulated(option);
  const delivered = deliveredFormats(source.path, devices);
  const encoders = devices.listEncoders();
  const fits = ({ formats }: EncoderDevice) =>
    FORMATS.some((format) => formats.includes(format) && delivered.includes(format)) ||
    (delivered.includes('MJPG') && formats.includes(DECODED_JPEG));
  if (option !== 'auto') return asked(option, source.path, encoders, fits);
  const usable = encoders.filter(fits);
  const found = usable.find((encoder) => encoder.path === FIRST_CHOICE) ?? usable[0];
  return found ? chosen(found) : { kind: 'software' };
}

function forSimulated(option: string): ChosenEncoder {
  if (option === 'auto') return { kind: 'software' };
  throw new StartError(
    `The simulated computer is coded in software only, not by ${option}; start it with --encoder software.`,
  );
}

function chosen({ path, name }: EncoderDevice): ChosenEncoder {
  return { kind: 'm2m', path, name };
}

/** A capture device may be plugged in later: until then everything is possible. */
function deliveredFormats(path: string, devices: EncoderDevices): string[] {
  try {
    return devices.captureFormats(path);
  } catch {
    return FORMATS;
  }
}

function asked(
  path: string,
  capturePath: string,
  encoders: EncoderDevice[],
  fits: (encoder: EncoderDevice) => boolean,
): ChosenEncoder {
  const encoder = encoders.find((one) => one.path === path);
  if (!encoder) {
    const others = encoders.map((one) => one.path).join(', ') || 'none';
    throw new StartError(
      `${path} is no device that encodes H.264 (found: ${others}); start with --encoder auto.`,
    );
  }
  if (!fits(encoder)) {
    throw new StartError(
      `The encoder ${path} takes no picture format that ${capturePath} delivers; start with --encoder auto.`,
    );
  }
  return chosen(encoder);
}
