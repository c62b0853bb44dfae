import type { BenchOptions } from '../bench-options.js';
import type { Figures } from '../figures.js';

/** What a measurement works with. */
export interface MeasurementContext {
  readonly options: BenchOptions;
  readonly figures: Figures;
  /** Tells the person at the terminal what goes on. */
  note(line: string): void;
}

/** One group of figures. */
export interface Measurement {
  /** First part of the names of its figures; chosen with --only. */
  readonly name: string;
  measure(context: MeasurementContext): Promise<void>;
}
