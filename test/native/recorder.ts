import assert from 'node:assert/strict';
import type { NativeAccessUnit, PipelineListener } from '../../native/index.js';

const DEADLINE_MS = 60_000;

/** Keeps what a pipeline delivers; tests wait for a condition on it. */
export class Recorder implements PipelineListener {
  readonly units: NativeAccessUnit[] = [];
  readonly failures: NodeJS.ErrnoException[] = [];
  #check: () => void = () => {};

  accessUnit(unit: NativeAccessUnit): void {
    this.units.push(unit);
    this.#check();
  }

  failed(error: NodeJS.ErrnoException): void {
    this.failures.push(error);
    this.#check();
  }

  /** Looks at the condition again: for recorders that are told more than access units. */
  protected checkNow(): void {
    this.#check();
  }

  /** Resolves once `condition` holds, looked at after each delivery; rejects after 60 s, naming `what`. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const { promise, resolve, reject } = withResolvers();
    const deadline = setTimeout(() => reject(new Error(`not within 60 s: ${what}`)), DEADLINE_MS);
    this.#check = () => {
      if (condition()) resolve();
    };
    this.#check();
    try {
      await promise;
    } finally {
      clearTimeout(deadline);
      this.#check = () => {};
    }
  }

  /** Waits until there are `count` units in all. */
  async untilUnits(count: number): Promise<void> {
    await this.until(`${count} access units`, () => this.units.length >= count);
  }

  /** The unit at `index`, counted from the end when negative. */
  unit(index: number): NativeAccessUnit {
    const unit = this.units.at(index);
    assert.ok(unit, `no access unit ${index} of ${this.units.length}`);
    return unit;
  }
}

// Promise.withResolvers() is missing in Node 20.
function withResolvers(): {
  promise: Promise<void>;
  resolve: () => void;
  reject: (reason: Error) => void;
} {
  let resolve: () => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
