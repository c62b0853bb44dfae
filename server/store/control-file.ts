import { join } from 'node:path';
import Type from 'typebox';
import type { Logger } from '../logger.js';
import { ControlSettingsMessage } from '../protocol/control-rules.js';
import { JsonFile } from './json-file.js';

const ControlFile = Type.Object(
  { choice: ControlSettingsMessage, options: ControlSettingsMessage },
  { additionalProperties: false },
);

/** How control is handed over, as it was set on the page: control.json of the state directory. */
export function controlFile(stateDir: string, logger: Logger): JsonFile<typeof ControlFile> {
  return new JsonFile(join(stateDir, 'control.json'), ControlFile, logger);
}
