import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NATIVE = fileURLToPath(new URL('../../../native/', import.meta.url));

const built = new Set<string>();

/** Runs a program of native/Makefile, built first, and returns its output. Throws when it dies. */
export function runNativeTool(
  tool: 'jpeg-tool' | 'sps-tool',
  words: readonly (string | number)[],
  input: Uint8Array,
): Buffer {
  // Without the sanitizers that the test itself may run under.
  const { LD_PRELOAD: _preloaded, ...env } = process.env;
  if (!built.has(tool)) execFileSync('make', ['-s', '-C', NATIVE, tool], { env });
  built.add(tool);
  const options = { env, input, maxBuffer: 2 ** 31 };
  return execFileSync(`${NATIVE}build/${tool}`, words.map(String), options);
}

/** Each behind its size (32 bits, little endian), as the programs read them. */
export function sized(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(part.length);
      return [size, part];
    }),
  );
}
