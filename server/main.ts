#!/usr/bin/env node
import type { Appliance } from './appliance.js';
import { loadConfig } from './config.js';
import { StartError } from './errors.js';
import { createLogger } from './log-output.js';
import { packageVersion } from './package-version.js';
import { keepHeapSmall } from './small-heap.js';

/** How long an orderly end may take before the process ends anyway: the whole end, exit included, stays within 3 s. */
const CLOSE_DEADLINE_MS = 2800;

/** Exit codes: the last two as sysexits.h and the shell (128 + SIGTERM) have them. */
const EXIT = { ok: 0, cannotStart: 1, badUsage: 2, internal: 70, killed: 143 } as const;

async function main(): Promise<void> {
  keepHeapSmall();
  const words = process.argv.slice(2);
  const isDoctor = words[0] === 'doctor';
  const result = loadConfig(isDoctor ? words.slice(1) : words, process.env);
  if (result.kind === 'help') {
    process.stdout.write(result.text);
    return;
  }
  if (result.kind === 'version') {
    process.stdout.write(`${packageVersion()}\n`);
    return;
  }
  if (result.kind === 'problems') {
    for (const problem of result.problems) process.stderr.write(`mykvm: ${problem}\n`);
    process.exitCode = EXIT.badUsage;
    return;
  }
  const { config } = result;
  if (isDoctor) {
    const { examineThisMachine } = await import('./doctor/doctor.js');
    const failed = await examineThisMachine(config, (text) => void process.stdout.write(text));
    process.exitCode = failed === 0 ? EXIT.ok : EXIT.cannotStart;
    return;
  }
  const logger = createLogger(config.logLevel, process.stderr, process.stderr.isTTY === true);
  // A reader that closes its end (mykvm | head -1) is no reason to stop driving a computer.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let starting: Promise<Appliance> | undefined;
  let ending = false;

  /** Ends in order, within the deadline, also when half started; the first reason decides the exit code. */
  function end(exitCode: number): void {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      logger.error({ afterMs: CLOSE_DEADLINE_MS }, 'closing took too long');
      process.exit(exitCode || EXIT.internal);
    }, CLOSE_DEADLINE_MS).unref();
    const started = starting?.catch(() => undefined) ?? Promise.resolve(undefined);
    started
      .then((appliance) => appliance?.close())
      .then(
        () => process.exit(exitCode),
        (error: unknown) => {
          logger.error({ err: error }, 'closing failed');
          process.exit(exitCode || EXIT.internal);
        },
      );
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Asked twice: somebody is in a hurry.
      if (ending) process.exit(EXIT.killed);
      logger.info({ signal }, 'closing');
      end(EXIT.ok);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (!ending) logger.error({ err: error, event }, 'a fault in the program: closing');
      end(EXIT.internal);
    });
  }

  try {
    // Loaded here so that --help and a mistyped flag are answered at once, and without the native addon.
    const { createAppliance } = await import('./appliance.js');
    starting = createAppliance(config, logger);
    const { url } = await starting;
    if (!ending) process.stdout.write(`MyKVM is ready: ${url}\n`);
  } catch (error) {
    if (!(error instanceof StartError)) logger.error({ err: error }, 'the appliance cannot start');
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`mykvm: ${reason}\n`);
    end(EXIT.cannotStart);
  }
}

await main();
