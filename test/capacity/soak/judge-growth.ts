import { isFlat, pointsMin, slopeOf, type Point, type Slope } from './slope.ts';
import type { Measure, Sample } from './take-sample.ts';

/** How one measure of one process went. */
export interface Growth extends Slope {
  readonly who: string;
  readonly measure: Measure;
  readonly first: number;
  readonly last: number;
  /** Null where it is shown and not judged. */
  readonly isFlat: boolean | null;
}

/**
 * Growth over the whole time that is of no account, in the unit of each measure: less than one handle, descriptor or
 * connection is none, and half a megabyte is two bytes for each event of twenty minutes. What has no number here is shown
 * and not judged: resident memory is what the kernel and the allocator have not yet taken back, what lies outside of the heap
 * comes and goes with what is in flight, and Redis grows up to its caps.
 */
const growthMin: Readonly<Partial<Record<Measure, number>>> = {
  heap: 0.5,
  handles: 1,
  descriptors: 1,
  connections: 1,
};

/** Caches fill and code is compiled: a quarter of the time, and no more than so many minutes, are not looked at. */
const WARM_UP_SHARE = 0.25;
const WARM_UP_MINUTES_MAX = 5;

/** Samples that count. */
export function withoutWarmUp(samples: readonly Sample[]): Sample[] {
  const end = samples.at(-1)?.minute ?? 0;
  const warmUp = Math.min(end * WARM_UP_SHARE, WARM_UP_MINUTES_MAX);
  return samples.filter(({ minute }) => minute >= warmUp);
}

/** Every measure of everybody, in the order of the first sample. */
export function judgeGrowth(samples: readonly Sample[]): Growth[] {
  const counted = withoutWarmUp(samples);
  if (counted.length < pointsMin)
    throw new RangeError(`a soak takes ${pointsMin} samples after its warm-up; it has ${counted.length}`);
  return [...(counted[0]?.of ?? [])].flatMap(([who, figures]) =>
    (Object.keys(figures) as Measure[]).map((measure) => growthOf(who, measure, counted)),
  );
}

function growthOf(who: string, measure: Measure, samples: readonly Sample[]): Growth {
  const points = samples.map(({ minute, of }): Point => [minute, figureOf(of.get(who)?.[measure])]);
  const slope = slopeOf(points);
  const min = growthMin[measure];
  return {
    who,
    measure,
    ...slope,
    first: points[0]?.[1] ?? Number.NaN,
    last: points.at(-1)?.[1] ?? Number.NaN,
    isFlat: min === undefined ? null : isFlat(slope, min),
  };
}

/** Without a figure in each sample there is no slope, and no verdict that could be trusted. */
function figureOf(figure: number | undefined): number {
  if (figure === undefined || Number.isNaN(figure)) throw new TypeError('a figure is missing from a sample');
  return figure;
}
