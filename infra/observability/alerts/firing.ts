import { evaluate } from '../promql/evaluate.ts';
import { parseQuery } from '../promql/parse-query.ts';
import { selectorsIn } from '../promql/query.ts';
import type { Series } from '../promql/series.ts';
import type { Alert } from './alert.ts';

/** How often rules are looked at, as the written groups say. */
export const evaluateEverySeconds = 30;

export interface Fired {
  readonly name: string;
  /** When it began to. */
  readonly at: number;
}

/** The alerts that fire at some time between two moments: their query has held for as long as they say. */
export const firedBetween = (
  alerts: readonly Alert[],
  series: readonly Series[],
  { from, to }: { readonly from: number; readonly to: number },
): Fired[] =>
  alerts.flatMap((alert) => {
    const at = firesAt(alert, series, from, to);
    return at === null ? [] : [{ name: alert.name, at }];
  });

function firesAt(
  { query, forSeconds }: Alert,
  all: readonly Series[],
  from: number,
  to: number,
): number | null {
  const parsed = parseQuery(query);
  const asked = new Set(selectorsIn(parsed).map(({ metric }) => metric));
  const series = all.filter(({ metric }) => asked.has(metric));
  const since = new Map<string, number>();
  for (let at = from; at <= to; at += evaluateEverySeconds) {
    const value = evaluate(parsed, series, at);
    if (typeof value === 'number') throw new TypeError('an alert is a query for series');
    const holding = new Set(value.map(({ labels }) => JSON.stringify(labels)));
    for (const key of since.keys()) if (!holding.has(key)) since.delete(key);
    for (const key of holding) {
      const begun = since.get(key) ?? at;
      since.set(key, begun);
      if (at - begun >= forSeconds) return at;
    }
  }
  return null;
}
