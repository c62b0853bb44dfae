import { writeFileSync } from 'node:fs';

/** Where the suite leaves them, in its job folder. */
export const FIGURES_FILE = 'figures.json';

/** Values of one figure, run by run, and those of what it is compared with, if anything. */
export interface KernelFigure {
  name: string;
  unit: string;
  runs: number[];
  reference: number[];
}

/** Collects what the tests of the suite measure. */
export class KernelFigures {
  readonly #figures = new Map<string, KernelFigure>();

  add(name: string, unit: string, run: number): void {
    this.#figure(name, unit).runs.push(run);
  }

  addReference(name: string, unit: string, run: number): void {
    this.#figure(name, unit).reference.push(run);
  }

  /** Writes all of them to the folder of this job. */
  write(): void {
    writeFileSync(`/run/job/${FIGURES_FILE}`, JSON.stringify([...this.#figures.values()]));
  }

  #figure(name: string, unit: string): KernelFigure {
    const figure = this.#figures.get(name) ?? { name, unit, runs: [], reference: [] };
    this.#figures.set(name, figure);
    return figure;
  }
}
