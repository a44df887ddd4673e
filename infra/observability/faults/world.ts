import { parseExposition } from '../promql/parse-exposition.ts';
import type { Point, Series } from '../promql/series.ts';

/**
 * Series as Prometheus would have scraped them: what each stands at, by the seconds since the beginning; null where it is
 * gone. The key is the series as a /metrics page writes it.
 */
export type World = Readonly<Record<string, (at: number) => number | null>>;

export const scrapeEverySeconds = 15;

export const worldSeconds = 2.75 * 3_600;

/** When faults begin: late enough that the longest look back sees only health before. */
export const faultAtSeconds = 3_600;

export const seriesOf = (world: World): Series[] =>
  Object.entries(world).map(([key, valueAt]) => {
    const [sample] = parseExposition(`${key} 0`);
    if (sample === undefined || sample.metric === null) throw new TypeError(`no series: ${key}`);
    const points: Point[] = [];
    for (let at = 0; at <= worldSeconds; at += scrapeEverySeconds) {
      const value = valueAt(at);
      if (value !== null || points.length > 0) points.push([at, value]);
    }
    return { metric: sample.metric, labels: sample.labels, points };
  });

/** One value before the fault begins, another from then on. */
export const fromThen =
  (before: number | null, after: (sinceFault: number, at: number) => number | null) =>
  (at: number): number | null =>
    at < faultAtSeconds ? before : after(at - faultAtSeconds, at);

/** A counter that goes on at one pace until the fault and at another one afterwards. */
export const pace =
  (aSecond: number, afterwards = aSecond) =>
  (at: number): number =>
    Math.min(at, faultAtSeconds) * aSecond + Math.max(0, at - faultAtSeconds) * afterwards;

export const always = (value: number) => (): number => value;
