/** A value at a time, in minutes. */
export type Point = readonly [minute: number, value: number];

export interface Slope {
  /** By how much it grows a minute. */
  readonly perMinute: number;
  /** How much growth a minute could be chance: what the points stray from the line, at 99.9 %. */
  readonly noisePerMinute: number;
  /** Its mean, and by how much the line rises from the first point to the last. */
  readonly level: number;
  readonly growth: number;
}

/** Fewer say nothing about how far points stray. */
export const pointsMin = 4;

/** The line through points by least squares, and what of its slope the straying of the points alone could bring about. */
export function slopeOf(points: readonly Point[]): Slope {
  if (points.length < pointsMin)
    throw new RangeError(`a slope takes ${pointsMin} points or more; got ${points.length}`);
  const level = mean(points.map(([, value]) => value));
  const middle = mean(points.map(([minute]) => minute));
  const spread = sum(points.map(([minute]) => (minute - middle) ** 2));
  if (spread === 0) throw new RangeError('a slope takes points at different times');
  const perMinute = sum(points.map(([minute, value]) => (minute - middle) * (value - level))) / spread;
  const strayed = sum(points.map(([minute, value]) => (value - level - perMinute * (minute - middle)) ** 2));
  const freedom = points.length - 2;
  const minutes = points.map(([minute]) => minute);
  return {
    perMinute,
    noisePerMinute: studentQuantile(freedom) * Math.sqrt(strayed / freedom / spread),
    level,
    growth: perMinute * (Math.max(...minutes) - Math.min(...minutes)),
  };
}

/**
 * Flat is what does not grow by more than chance, or by less than is of any account: so much of it, in its own unit, over the
 * whole time. What shrinks is flat too.
 */
export const isFlat = ({ perMinute, noisePerMinute, growth }: Slope, growthMin: number): boolean =>
  perMinute <= noisePerMinute || growth < growthMin;

/** One-sided, 99.9 %, by degrees of freedom: among the 60 slopes of a soak one in seventeen soaks finds one by chance. */
const quantiles: readonly Point[] = [
  [1, 318.31],
  [2, 22.327],
  [3, 10.215],
  [4, 7.173],
  [5, 5.893],
  [6, 5.208],
  [7, 4.785],
  [8, 4.501],
  [9, 4.297],
  [10, 4.144],
  [12, 3.93],
  [15, 3.733],
  [20, 3.552],
  [30, 3.385],
  [60, 3.232],
];

/** The next smaller row of the table: its noise is a little larger, so that chance is never taken for a leak. */
function studentQuantile(freedom: number): number {
  return quantiles.findLast(([row]) => row <= freedom)?.[1] ?? Infinity;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
