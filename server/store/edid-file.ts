import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import type { Logger } from '../logger.js';
import { EDID_PRESETS } from '../protocol/edid-presets.js';
import { JsonFile } from './json-file.js';

const Preset = Type.Union(EDID_PRESETS.map((name) => Type.Literal(name)));

const EdidFile = Type.Object(
  {
    choice: Type.Union([
      Type.Object({ preset: Preset }, { additionalProperties: false }),
      // 256 bytes in base64.
      Type.Object({ custom: Type.String({ maxLength: 344 }) }, { additionalProperties: false }),
    ]),
    option: Type.Union([Type.String(), Type.Null()]),
  },
  { additionalProperties: false },
);

type Kept = Static<typeof EdidFile>;

/** A choice as the program uses it: the uploaded EDID in bytes. */
interface Opened {
  choice: Extract<Kept['choice'], { preset: unknown }> | { custom: Uint8Array };
  option: string | null;
}

/** The display description (EDID) that was chosen at run time: edid.json of the state directory. */
export function edidFile(stateDir: string, logger: Logger) {
  const file = new JsonFile(join(stateDir, 'edid.json'), EdidFile, logger);
  return {
    load: async (): Promise<Opened | null> => {
      const kept = await file.load();
      if (!kept) return null;
      const { choice, option } = kept;
      if ('preset' in choice) return { choice, option };
      return { choice: { custom: Buffer.from(choice.custom, 'base64') }, option };
    },
    save: ({ choice, option }: Opened): Promise<void> => {
      if ('preset' in choice) return file.save({ choice, option });
      return file.save({
        choice: { custom: Buffer.from(choice.custom).toString('base64') },
        option,
      });
    },
  };
}
