type Points = readonly (readonly [atSeconds: number, value: number])[];

export interface Range {
  readonly at: number;
  readonly seconds: number;
}

/** Functions over what was scraped in a range; null where there is too little of it to say anything. */
export const rangeFunctions: Readonly<Record<string, (points: Points, range: Range) => number | null>> = {
  rate: (points, range) => perSecond(extrapolated(points, range, 'counter'), range),
  increase: (points, range) => extrapolated(points, range, 'counter'),
  delta: (points, range) => extrapolated(points, range, 'gauge'),
  min_over_time: (points) => (points.length === 0 ? null : Math.min(...points.map(([, value]) => value))),
  max_over_time: (points) => (points.length === 0 ? null : Math.max(...points.map(([, value]) => value))),
};

const perSecond = (increase: number | null, { seconds }: Range): number | null =>
  increase === null ? null : increase / seconds;

/**
 * The change between the first and the last value, stretched to the whole range as Prometheus does it: up to the ends
 * where a value was due there, else by half an interval, and for counters never below 0.
 */
function extrapolated(points: Points, { at, seconds }: Range, kind: 'counter' | 'gauge'): number | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const change = last[1] - first[1] + (kind === 'counter' ? lostInResets(points) : 0);
  const sampled = last[0] - first[0];
  const interval = sampled / (points.length - 1);
  const enough = interval * 1.1;
  let before = first[0] - (at - seconds);
  const after = at - last[0];
  if (before >= enough) before = interval / 2;
  if (kind === 'counter' && change > 0 && first[1] >= 0)
    before = Math.min(before, sampled * (first[1] / change));
  const stretched = sampled + before + (after < enough ? after : interval / 2);
  return change * (stretched / sampled);
}

/** A counter that falls has begun anew: what it had is added. */
function lostInResets(points: Points): number {
  let lost = 0;
  let previous = 0;
  for (const [, value] of points) {
    if (value < previous) lost += previous;
    previous = value;
  }
  return lost;
}
