import { join } from 'node:path';
import type { Logger } from '../logger.js';
import { IceConfiguration } from '../protocol/ice-configuration.js';
import { JsonFile } from './json-file.js';

/** The STUN and TURN servers that were set on the page: ice.json of the state directory, readable by its owner alone. */
export function iceFile(stateDir: string, logger: Logger): JsonFile<typeof IceConfiguration> {
  return new JsonFile(join(stateDir, 'ice.json'), IceConfiguration, logger);
}
