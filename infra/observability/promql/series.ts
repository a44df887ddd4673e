import { assertNever } from '@trunkline/service-kit';
import type { Matcher, Selector } from './query.ts';

export type Labels = Readonly<Record<string, string>>;

/** When and how much; null where Prometheus marks a series as gone. */
export type Point = readonly [atSeconds: number, value: number | null];

export interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly points: readonly Point[];
}

export interface Sample {
  readonly metric: string | null;
  readonly labels: Labels;
  readonly value: number;
}

/** A value older than this is none. */
const lookBackSeconds = 300;

export const select = (all: readonly Series[], { metric, matchers }: Selector): readonly Series[] =>
  all.filter(
    (series) => series.metric === metric && matchers.every((matcher) => fits(series.labels, matcher)),
  );

function fits(labels: Labels, { label, operator, value }: Matcher): boolean {
  const own = labels[label] ?? '';
  switch (operator) {
    case '=':
      return own === value;
    case '!=':
      return own !== value;
    case '=~':
      return new RegExp(`^(?:${value})$`).test(own);
    case '!~':
      return !new RegExp(`^(?:${value})$`).test(own);
    default:
      return assertNever(operator, 'way to match');
  }
}

/** The newest value at a moment; nothing where the series has gone since. */
export function valueAt({ points }: Series, at: number): number | null {
  const last = points[placeAfter(points, at) - 1];
  return last === undefined || last[0] <= at - lookBackSeconds ? null : last[1];
}

/** What was scraped in the time before a moment: its beginning is not part of it, its end is. */
export const pointsIn = ({ points }: Series, at: number, rangeSeconds: number) =>
  points.slice(placeAfter(points, at - rangeSeconds), placeAfter(points, at)).filter(hasValue);

const hasValue = (point: Point): point is readonly [number, number] => point[1] !== null;

/** Of the first point that is later; points lie in the order of time. */
function placeAfter(points: readonly Point[], at: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
