import type { EncoderOptions, PipelineOptions } from '../../native/index.js';
import type { Logger } from '../logger.js';
import {
  type ChosenEncoder,
  chooseEncoder,
  type EncoderDevices,
  MACHINE,
} from './choose-encoder.js';

export interface EncoderChoiceOptions {
  /** The value of --encoder. */
  option: string;
  source: PipelineOptions['source'];
  logger: Logger;
  /** For tests. */
  devices?: EncoderDevices;
}

/**
 * The encoder of each pipeline. Under `auto` it is chosen anew for each one, because drivers are loaded and devices plugged
 * in while we run; what is taken is logged when it is another than before. Everything else is decided at the start:
 * the constructor throws StartError.
 */
export class EncoderChoice {
  readonly #options: EncoderChoiceOptions;
  #chosen: ChosenEncoder;

  constructor(options: EncoderChoiceOptions) {
    this.#options = options;
    this.#chosen = this.#choose();
    if (options.option === 'auto') this.#tell();
  }

  /** For a pipeline that is about to be made. Opens the nodes of video devices for a moment under `auto`. */
  next(): EncoderOptions {
    const { option, source } = this.#options;
    if (option !== 'auto' || source.kind === 'frame-buffer') return this.#chosen;
    const before = this.#chosen;
    this.#chosen = this.#choose();
    if (nodeOf(this.#chosen) !== nodeOf(before)) this.#tell();
    return this.#chosen;
  }

  #choose(): ChosenEncoder {
    const { option, source, devices = MACHINE } = this.#options;
    return chooseEncoder(option, source, devices);
  }

  #tell(): void {
    const { source, logger } = this.#options;
    if (this.#chosen.kind === 'm2m') {
      const { path, name } = this.#chosen;
      logger.info({ encoder: path, name }, 'coding H.264 in hardware');
    } else if (source.kind === 'frame-buffer') {
      logger.info({}, 'coding H.264 in software: fine on a desktop core, slow on a Pi');
    } else {
      logger.warn(
        { device: source.path },
        'no hardware encoder takes the pictures of the capture device: coding H.264 in software, which keeps a processor core busy while somebody watches and does not reach the full picture rate on a small board',
      );
    }
  }
}

function nodeOf(encoder: ChosenEncoder): string | null {
  return encoder.kind === 'm2m' ? encoder.path : null;
}
