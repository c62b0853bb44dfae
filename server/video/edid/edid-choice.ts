import { readFile } from 'node:fs/promises';
import { KvmError, StartError } from '../../errors.js';
import { buildEdid } from './build-edid.js';
import { type EdidPreset, isEdidPreset } from './edid-presets.js';
import { edidProblems } from './edid-problems.js';

/** The display that the target is to see: one of ours, or one that somebody uploaded. */
export type EdidChoice = { preset: EdidPreset } | { custom: Uint8Array };

/** The bytes of a choice. `serial` names this unit in a preset; an uploaded EDID stays as it is. */
export function edidOf(choice: EdidChoice, serial: string): Uint8Array {
  return 'preset' in choice ? buildEdid(choice.preset, serial) : choice.custom;
}

/** The choice that an uploaded EDID makes. Throws KvmError bad-edid with each thing that is wrong and its byte. */
export function customChoice(custom: Uint8Array): EdidChoice {
  const wrong = problemsText(custom);
  if (wrong !== null) throw new KvmError('bad-edid', `This EDID is not usable: ${wrong}.`);
  return { custom };
}

/** The choice of --edid: a preset's name or a file. Throws {@link StartError} with what is wrong with the file. */
export async function choiceOfOption(option: string): Promise<EdidChoice> {
  if (isEdidPreset(option)) return { preset: option };
  let custom: Uint8Array;
  try {
    custom = await readFile(option);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StartError(`The EDID ${option} cannot be read (${code}).`, { cause: error });
  }
  const wrong = problemsText(custom);
  if (wrong !== null) throw new StartError(`The EDID ${option} is not usable: ${wrong}.`);
  return { custom };
}

/** "byte 18: version 2 is not 1; byte 127: …"; null for an EDID without problems. */
export function problemsText(edid: Uint8Array): string | null {
  const problems = edidProblems(edid);
  if (problems.length === 0) return null;
  return problems.map(({ byte, problem }) => `byte ${byte}: ${problem}`).join('; ');
}
