import { fileURLToPath } from 'node:url';

/** From test/vm/Makefile. */
const LIBRARY = fileURLToPath(
  new URL('../../../../test/vm/build/driver-faults.so', import.meta.url),
);

/** The environment of a process whose capture driver has a fault; driver-faults.cc tells what each one is. */
export function faultyDriver(fault: 'no-export' | 'no-stream' | 'odd-sequence'): NodeJS.ProcessEnv {
  return { ...process.env, LD_PRELOAD: LIBRARY, MYKVM_TEST_FAULT: fault };
}
