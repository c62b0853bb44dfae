import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { LAUNCH } from '../e2e/browser.js';
import type { NetworkNamespace } from './namespace.js';

/** That of a TURN server too, which Playwright's own switch does not reach. */
const ANY_CERTIFICATE = '--ignore-certificate-errors';

/** The browser of the end-to-end tests, in this network. Playwright talks to it through pipes, not over the network. */
export async function launchBrowserAt(network: NetworkNamespace): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'mykvm-net-'));
  try {
    const executablePath = join(folder, 'chromium');
    const [program, args] = network.enter(LAUNCH.executablePath, []);
    await writeFile(executablePath, `#!/bin/sh\nexec ${program} ${args.join(' ')} "$@"\n`);
    await chmod(executablePath, 0o755);
    return await chromium.launch({ executablePath, args: [...LAUNCH.args, ANY_CERTIFICATE] });
  } finally {
    await rm(folder, { recursive: true });
  }
}
