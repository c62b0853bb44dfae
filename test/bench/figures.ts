import { median } from './quantiles.js';
import type { Subject } from './rig/subject.js';

/** One figure of bench/results.json. */
export interface Figure {
  /** Median over the runs. */
  value: number;
  unit: string;
  /** Median of the reference, measured in the same way between the runs; null where there is none. */
  reference: number | null;
  /** value / reference. */
  ratio: number | null;
  /** One value per run. */
  runs: number[];
}

/** Collects the runs of all measurements and makes the figures of them. */
export class Figures {
  readonly #runs = new Map<string, { unit: string; own: number[]; reference: number[] }>();

  /** A run of what is measured. */
  add(name: string, unit: string, value: number): void {
    this.#entry(name, unit).own.push(value);
  }

  /** A run of what it is compared with. */
  addReference(name: string, unit: string, value: number): void {
    this.#entry(name, unit).reference.push(value);
  }

  /** A run of one of the subjects; the reference counts for both carriers. Names: `group.carrier.quality`. */
  addRun(group: string, subject: Subject, quality: string, unit: string, value: number): void {
    if (subject !== 'reference') this.add(`${group}.${subject}.${quality}`, unit, value);
    else {
      for (const carrier of ['webrtc', 'websocket']) {
        this.addReference(`${group}.${carrier}.${quality}`, unit, value);
      }
    }
  }

  /** All figures by name, in the order of their first run. Names with nothing but a reference are left out. */
  get byName(): ReadonlyMap<string, Figure> {
    const figures = new Map<string, Figure>();
    for (const [name, { unit, own, reference }] of this.#runs) {
      if (own.length === 0) continue;
      const value = median(own);
      const compared = reference.length > 0 ? median(reference) : null;
      figures.set(name, {
        value,
        unit,
        reference: compared,
        ratio: compared ? value / compared : null,
        runs: own,
      });
    }
    return figures;
  }

  #entry(name: string, unit: string) {
    const entry = this.#runs.get(name) ?? { unit, own: [], reference: [] };
    this.#runs.set(name, entry);
    return entry;
  }
}
