import { assertNever } from '@trunkline/service-kit';
import { chosen, combine, keyOf, type Value } from './binary.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { QueryError } from './parse-query.ts';
import type { Query, Selector } from './query.ts';
import { rangeFunctions } from './range-functions.ts';
import { pointsIn, select, valueAt, type Labels, type Sample, type Series } from './series.ts';

/** What a query says at a moment, as Prometheus would: for rules, so that they are tested without one. */
export function evaluate(query: Query, series: readonly Series[], at: number): Value {
  switch (query.kind) {
    case 'number':
      return query.value;
    case 'selector':
      return newest(query, series, at);
    case 'negate':
      return combine(minus, 0, evaluate(query.operand, series, at));
    case 'call':
      return call(query, series, at);
    case 'aggregate':
      return aggregate(query, samplesOf(evaluate(query.operand, series, at)));
    case 'binary':
      return combine(query, evaluate(query.left, series, at), evaluate(query.right, series, at));
    default:
      return assertNever(query, 'query');
  }
}

const zero: Query = { kind: 'number', value: 0 };
const minus = {
  kind: 'binary',
  operator: '-',
  bool: false,
  matching: { only: false, labels: [] },
  left: zero,
  right: zero,
} as const;

function newest(selector: Selector, series: readonly Series[], at: number): Sample[] {
  if (selector.rangeSeconds !== null) throw new QueryError('a range stands only within a function over time');
  return select(series, selector).flatMap((each) => {
    const value = valueAt(each, at);
    return value === null ? [] : [{ metric: each.metric, labels: each.labels, value }];
  });
}

type Call = Extract<Query, { kind: 'call' }>;

function call(query: Call, series: readonly Series[], at: number): Value {
  const { name, parameters } = query;
  const [first, second] = parameters;
  if (name in rangeFunctions) return overTime(query, series, at);
  if (name === 'time') return at;
  if (first === undefined) throw new QueryError(`${name} is called with nothing`);
  if (name === 'absent') return absent(first, samplesOf(evaluate(first, series, at)));
  if (name === 'vector') return [{ metric: null, labels: {}, value: numberOf(evaluate(first, series, at)) }];
  if (name === 'histogram_quantile' && second !== undefined)
    return histogramQuantile(numberOf(evaluate(first, series, at)), samplesOf(evaluate(second, series, at)));
  throw new QueryError(`the function ${name} is not known here`);
}

function overTime({ name, parameters }: Call, series: readonly Series[], at: number): Sample[] {
  const [selector] = parameters;
  const compute = rangeFunctions[name];
  if (compute === undefined || selector?.kind !== 'selector' || selector.rangeSeconds === null)
    throw new QueryError(`${name} wants a range of one metric`);
  const seconds = selector.rangeSeconds;
  return select(series, selector).flatMap((each) => {
    const value = compute(pointsIn(each, at, seconds), { at, seconds });
    return value === null ? [] : [{ metric: null, labels: each.labels, value }];
  });
}

/** One sample where there is none, with the labels that the query asks for by value. */
function absent(query: Query, samples: readonly Sample[]): Sample[] {
  if (samples.length > 0) return [];
  const wanted = query.kind === 'selector' ? query.matchers.filter(({ operator }) => operator === '=') : [];
  const labels = Object.fromEntries(wanted.map(({ label, value }) => [label, value]));
  return [{ metric: null, labels, value: 1 }];
}

const aggregations: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  count: (values) => values.length,
};

function aggregate(query: Extract<Query, { kind: 'aggregate' }>, samples: readonly Sample[]): Sample[] {
  const compute = aggregations[query.operator];
  if (compute === undefined) throw new QueryError(`the aggregation ${query.operator} is not known here`);
  const groups = Map.groupBy(samples, ({ labels }) => keyOf(labels, query.grouping));
  return [...groups.values()].map((group) => ({
    metric: null,
    labels: chosen(group[0]?.labels ?? {}, query.grouping) satisfies Labels,
    value: compute(group.map(({ value }) => value)),
  }));
}

function samplesOf(value: Value): readonly Sample[] {
  if (typeof value === 'number') throw new QueryError('a number stands where series are wanted');
  return value;
}

function numberOf(value: Value): number {
  if (typeof value !== 'number') throw new QueryError('series stand where a number is wanted');
  return value;
}
