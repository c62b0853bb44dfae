/** A line that rung-process.ts writes: one run of one figure, in milliseconds. */
export interface RungFigure {
  figure: string;
  value: number;
}
