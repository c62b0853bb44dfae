import { StartError } from '../errors.js';
import type { Logger } from '../logger.js';

/** The encoder that a pipeline uses. */
export interface EncoderChoice {
  kind: 'software';
}

/**
 * Turns the --encoder option into an encoder. A device that is asked for by name is never replaced by software:
 * StartError says that this version has none. `auto` takes software and says so.
 */
export function chooseEncoder(option: string, logger: Logger): EncoderChoice {
  if (option !== 'auto' && option !== 'software') {
    throw new StartError(
      `This version cannot use the encoder device ${option} yet; start it with --encoder software.`,
    );
  }
  if (option === 'auto') {
    logger.info({}, 'coding H.264 in software: fine on a desktop core, slow on a Pi');
  }
  return { kind: 'software' };
}
