/** Something measured at a rate. */
export interface PointAt {
  readonly perSecond: number;
  readonly cores: number;
}

/**
 * Cores at a rate, from what was measured at rising rates: between two of them on the line that joins them; below the first it is
 * what was spent there, and beyond the last each unit costs what it did there. Units cost less where there are more of them, so both
 * ends say too much rather than too little: the last does not count on larger batches still.
 */
export function coresAt(points: readonly PointAt[], perSecond: number): number {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('nothing was measured');
  if (perSecond <= first.perSecond) return first.cores;
  if (perSecond >= last.perSecond) return (last.cores * perSecond) / last.perSecond;
  const above = points.findIndex((point) => point.perSecond >= perSecond);
  const [from, to] = [points[above - 1] ?? first, points[above] ?? last];
  const share = (perSecond - from.perSecond) / (to.perSecond - from.perSecond);
  return from.cores + share * (to.cores - from.cores);
}
