/** How many were at most so large, by the bound: each includes those of the smaller bounds. */
export type Buckets = ReadonlyMap<number, number>;

/** Of what came between two looks at a histogram: the bound below which each share lies. Empty where nothing came. */
export function quantilesOf(before: Buckets, now: Buckets, shares: readonly number[]): number[] {
  const bounds = [...now.keys()].toSorted((one, other) => one - other);
  const came = bounds.map((bound) => (now.get(bound) ?? 0) - (before.get(bound) ?? 0));
  const all = came.at(-1) ?? 0;
  if (all <= 0) return [];
  // The last bound is none; what is above all others is at least as large as the largest.
  const largest = bounds.findLast(Number.isFinite) ?? 0;
  return shares.map((share) => {
    const place = came.findIndex((count) => count >= share * all);
    const bound = bounds[place] ?? largest;
    return Number.isFinite(bound) ? bound : largest;
  });
}
