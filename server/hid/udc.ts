import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { ConfigfsFiles } from './configfs-files.js';
import { GadgetError } from './gadget-error.js';

/** Where the kernel lists USB device controllers. */
export const UDC_ROOT = '/sys/class/udc';

/** True when the machine can be a USB device at all. */
export function hasUdc(udcRoot: string): boolean {
  try {
    return readdirSync(udcRoot).length > 0;
  } catch {
    return false;
  }
}

/** Name of the driver of a controller, such as dwc2; empty when the kernel does not say it. */
export function udcDriver(udc: string, udcRoot: string = UDC_ROOT): string {
  try {
    return basename(readlinkSync(`${udcRoot}/${udc}/device/driver`));
  } catch {
    return '';
  }
}

export interface UdcQuestion {
  files: ConfigfsFiles;
  /** {@link UDC_ROOT}, or a tree of a test. */
  udcRoot: string;
  /** The directory of all gadgets in configfs. */
  gadgetRoot: string;
  /** The controller that the user named; null takes the first free one. */
  wanted: string | null;
}

/** The controller to bind to. Rejects with GadgetError no-udc or udc-busy, saying who has it. */
export async function chooseUdc(question: UdcQuestion): Promise<string> {
  const names = await listUdcs(question);
  const { wanted } = question;
  if (names.length === 0) {
    throw new GadgetError(
      'no-udc',
      'There is no USB device controller: on a Raspberry Pi, dtoverlay=dwc2,dr_mode=peripheral in config.txt gives one.',
    );
  }
  if (wanted !== null && !names.includes(wanted)) {
    throw new GadgetError(
      'no-udc',
      `There is no USB device controller ${wanted}; there is ${names.join(', ')}.`,
    );
  }
  const candidates = wanted === null ? names : [wanted];
  for (const name of candidates) {
    if ((await boundFunction(question, name)) === '') return name;
  }
  const held = await Promise.all(
    candidates.map(async (name) => `${name} (by ${await holderOf(question, name)})`),
  );
  throw new GadgetError('udc-busy', `Every USB device controller is in use: ${held.join(', ')}.`);
}

/** What is bound to a controller, in the kernel's words; empty when it is free. */
export async function boundFunction(
  { files, udcRoot }: Pick<UdcQuestion, 'files' | 'udcRoot'>,
  udc: string,
): Promise<string> {
  return (await files.read(`${udcRoot}/${udc}/function`)).trim();
}

/** Names of all controllers, sorted. */
async function listUdcs({ files, udcRoot }: UdcQuestion): Promise<string[]> {
  try {
    return (await files.list(udcRoot)).map((entry) => entry.name).sort();
  } catch (error) {
    // The class appears with the first controller driver.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function holderOf(question: UdcQuestion, udc: string): Promise<string> {
  const { files, gadgetRoot } = question;
  for (const { name } of await files.list(gadgetRoot)) {
    const bound = await files.read(`${gadgetRoot}/${name}/UDC`);
    if (bound.trim() === udc) return `the gadget ${gadgetRoot}/${name}`;
  }
  return `the gadget driver ${await boundFunction(question, udc)}`;
}
