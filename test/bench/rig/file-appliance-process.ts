/**
 * The process of a file-fed appliance: `file-appliance-process.js PICTURES STATE_DIR webrtc|reference`. Tells its parent the
 * address and claim code, and ends with it.
 */
import { Writable } from 'node:stream';
import { loadConfig } from '../../../server/config.js';
import { createLogger } from '../../../server/log-output.js';
import { keepHeapSmall } from '../../../server/small-heap.js';
import type { ApplianceReady } from './child-messages.js';
import { FilePipeline } from './file-pipeline.js';
import { FileTarget } from './file-target.js';
import { readPictures } from './picture-file.js';

// As server/main.ts does it: before the heap grows, and the program itself is loaded after it.
keepHeapSmall();
const { createAppliance } = await import('../../../server/appliance.js');

const [picturesPath = '', stateDir = '', subject = ''] = process.argv.slice(2);
const pictures = await readPictures(picturesPath);
const flags = [
  '--port',
  '0',
  '--listen',
  '127.0.0.1',
  '--extra-host',
  '127.0.0.1',
  '--max-viewers',
  '16',
];
const result = loadConfig([...flags, '--target', 'simulated', '--state-dir', stateDir], {});
if (result.kind !== 'config') throw new Error(JSON.stringify(result));

let claimCode = '';
// The program's own logger, so that memory and time are those of the program.
const output = new Writable({
  write(chunk: Buffer, _encoding, done) {
    claimCode = /"claimCode":"([^"]+)"/.exec(chunk.toString())?.[1] ?? claimCode;
    done();
  },
});

// Only where it is used: it takes memory.
const reference =
  subject === 'reference'
    ? (await import('./create-reference-peers.js')).createReferencePeers
    : undefined;
const appliance = await createAppliance(result.config, createLogger('info', output, false), {
  createTarget: () => Promise.resolve(new FileTarget(pictures)),
  createPipeline: (_options, listener) => new FilePipeline(pictures, listener),
  ...(reference && { createPeerFactory: reference }),
});

process.on('disconnect', () => {
  appliance.close().finally(() => process.exit(0));
});
const ready: ApplianceReady = { url: appliance.url, claimCode };
process.send?.(ready);
