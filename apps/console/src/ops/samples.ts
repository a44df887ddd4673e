import type { Sample } from '../ui/spark-path.ts';

/** A quarter of an hour of what was asked every few seconds. Kept while the page is open, bounded in time and in names. */
export const keptMs = 15 * 60_000;
const seriesMax = 100;

/** How figures went: they are asked for again and again, and nobody else keeps them. */
export function createSamples() {
  const series = new Map<string, readonly Sample[]>();
  return {
    /** What was not newer than the last one is not taken. */
    add(name: string, at: number, value: number | null): void {
      if (value === null || (!series.has(name) && series.size >= seriesMax)) return;
      const known = series.get(name) ?? [];
      const last = known.at(-1);
      if (last !== undefined && last.at >= at) return;
      series.set(name, [...known.filter((sample) => sample.at > at - keptMs), { at, value }]);
    },
    of: (name: string): readonly Sample[] => series.get(name) ?? [],
  };
}

export type Samples = ReturnType<typeof createSamples>;
