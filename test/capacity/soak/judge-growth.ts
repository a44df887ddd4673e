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

/** What is remembered for a while follows the traffic, which strays by some hundredths: so much of a heap is no growth either. */
const heapShareMin = 0.02;

/** The longest that anything is remembered by its age alone, calls that are over by a link, is a quarter of an hour: until then heaps fill. */
export const WARM_UP_MINUTES = 16;

/** Every measure of everybody, in the order of the first sample; what was seen before the end of the warm-up does not count. */
export function judgeGrowth(samples: readonly Sample[], warmUpMinutes: number): Growth[] {
  const counted = samples.filter(({ minute }) => minute > warmUpMinutes);
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
    isFlat:
      min === undefined
        ? null
        : isFlat(slope, Math.max(min, measure === 'heap' ? slope.level * heapShareMin : 0)),
  };
}

/** Without a figure in each sample there is no slope, and no verdict that could be trusted. */
function figureOf(figure: number | undefined): number {
  if (figure === undefined || Number.isNaN(figure)) throw new TypeError('a figure is missing from a sample');
  return figure;
}
