import { readFileSync } from 'node:fs';
import type {
  AckMessage,
  MotionMessage,
  TimedMessage,
  TransitionsMessage,
} from '../../../server/protocol/input-messages.js';

/** A message in words, as test/fixtures/input-golden.json has it. */
export type GoldenMessage =
  | TransitionsMessage
  | MotionMessage
  | { type: 'pong' | 'echo-request'; id: number }
  | ({ type: 'ack' } & AckMessage)
  | ({ type: 'ping' | 'echo-reply' } & TimedMessage);

export interface GoldenCase {
  name: string;
  message: GoldenMessage;
  hex: string;
}

interface GoldenFile {
  version: number;
  cases: GoldenCase[];
}

// Compiled tests lie one folder deeper than their sources: dist/test/unit/protocol.
const FILE = new URL('../../../../test/fixtures/input-golden.json', import.meta.url);

/** The bytes that both sides agreed on; made with another language's packing, not with our codec. */
export const golden = JSON.parse(readFileSync(FILE, 'utf8')) as GoldenFile;

/** The bytes of a named case. */
export function goldenBytes(name: string): Uint8Array {
  const found = golden.cases.find((each) => each.name === name);
  if (!found) throw new Error(`no golden message '${name}'`);
  return Uint8Array.from(Buffer.from(found.hex, 'hex'));
}
