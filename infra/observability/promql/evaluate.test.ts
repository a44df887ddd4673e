import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { parseExposition } from './parse-exposition.ts';
import { parseQuery, secondsOf } from './parse-query.ts';
import type { Point, Series } from './series.ts';

function series(key: string, points: readonly Point[]): Series {
  const [sample] = parseExposition(`${key} 0`);
  return { metric: sample?.metric ?? '', labels: sample?.labels ?? {}, points };
}

/** Values a minute apart, as promtool writes them. */
const each = (key: string, ...values: (number | null)[]): Series =>
  series(
    key,
    values.map((value, index) => [index * 60, value] as const),
  );

/** Samples as `{labels} value`, which reads like what Prometheus answers. */
function ask(query: string, known: readonly Series[], at = 240): string[] {
  const value = evaluate(parseQuery(query), known, at);
  if (typeof value === 'number') return [String(value)];
  return value
    .map(({ metric, labels, value: number }) => {
      const told = Object.entries(labels).map(([label, own]) => `${label}="${own}"`);
      return `${metric ?? ''}{${told.join(',')}} ${Number(number.toFixed(6))}`;
    })
    .toSorted();
}

const two = [each('x{a="1",b="p"}', 1, 2, 3, 4, 5), each('x{a="2",b="q"}', 10, 20, 30, 40, 50)];

describe('selectors', () => {
  it('take the newest value, of the last five minutes', () => {
    expect(ask('x', two)).toEqual(['x{a="1",b="p"} 5', 'x{a="2",b="q"} 50']);
    expect(ask('x', two, 539)).toHaveLength(2);
    expect(ask('x', two, 540)).toEqual([]);
  });

  it('match labels, also those that are not there', () => {
    expect(ask('x{a="1"}', two)).toEqual(['x{a="1",b="p"} 5']);
    expect(ask('x{a!="1"}', two)).toEqual(['x{a="2",b="q"} 50']);
    expect(ask('x{b=~"p|r"}', two)).toEqual(['x{a="1",b="p"} 5']);
    expect(ask('x{b!~"p|r"}', two)).toEqual(['x{a="2",b="q"} 50']);
    expect(ask('x{b=~"p."}', two)).toEqual([]);
    expect(ask('x{c=""}', two)).toHaveLength(2);
  });

  it('see a series that has gone as gone at once', () => {
    expect(ask('x', [each('x', 1, 2, null)], 121)).toEqual([]);
    expect(ask('absent(x{a="1",b!="2"})', [each('x{a="1"}', 1, null)], 90)).toEqual(['{a="1"} 1']);
    expect(ask('absent(x)', two)).toEqual([]);
  });
});

describe('functions over time', () => {
  it('rate and increase stretch to the ends of the range', () => {
    const counter = [each('c', 0, 60, 120, 180, 240)];
    expect(ask('rate(c[4m])', counter)).toEqual(['{} 1']);
    // Three values lie in (60, 240]: they span 120 s and are stretched to the 180 s that were asked for.
    expect(ask('increase(c[3m])', counter)).toEqual(['{} 180']);
  });

  it('a counter that begins anew loses nothing, and what is below 0 is not guessed', () => {
    expect(ask('increase(c[5m])', [each('c', 0, 100, 200, 50, 150)])).toEqual(['{} 350']);
    // Three values span 120 s; to its zero the counter had half a minute, which is where it is stretched to.
    expect(
      ask('increase(c[10m])', [
        series('c', [
          [120, 10],
          [180, 30],
          [240, 50],
        ]),
      ]),
    ).toEqual(['{} 50']);
  });

  it('a single value says nothing: a counter has to begin at 0 to be seen rising', () => {
    expect(ask('increase(c[5m])', [series('c', [[240, 7]])])).toEqual([]);
    expect(
      ask('increase(c[5m])', [
        series('c', [
          [180, 0],
          [240, 7],
        ]),
      ]),
    ).toEqual(['{} 7']);
  });

  it('delta, min and max', () => {
    expect(ask('delta(x{a="1"}[4m])', two)).toEqual(['{a="1",b="p"} 4']);
    expect(ask('min_over_time(x[2m])', two)).toEqual(['{a="1",b="p"} 4', '{a="2",b="q"} 40']);
    expect(ask('max_over_time(x[2m])', two, 120)).toEqual(['{a="1",b="p"} 3', '{a="2",b="q"} 30']);
  });

  it('quantiles of histograms lie within their bucket', () => {
    const buckets = [
      each('h_bucket{le="1"}', 50, 50, 50, 50, 50),
      each('h_bucket{le="2"}', 90, 90, 90, 90, 90),
      each('h_bucket{le="+Inf"}', 100, 100, 100, 100, 100),
    ];
    expect(ask('histogram_quantile(0.7, h_bucket)', buckets)).toEqual(['{} 1.5']);
    expect(ask('histogram_quantile(0.25, h_bucket)', buckets)).toEqual(['{} 0.5']);
    expect(ask('histogram_quantile(0.99, h_bucket)', buckets)).toEqual(['{} 2']);
    expect(ask('histogram_quantile(0.9, nothing)', buckets)).toEqual([]);
  });
});

describe('aggregations and operators', () => {
  it.each([
    ['sum(x)', ['{} 55']],
    ['max by (a) (x)', ['{a="1"} 5', '{a="2"} 50']],
    ['min without (a) (x)', ['{b="p"} 5', '{b="q"} 50']],
    ['avg(x)', ['{} 27.5']],
    ['count(x)', ['{} 2']],
    ['x > 10', ['x{a="2",b="q"} 50']],
    ['10 < x', ['x{a="2",b="q"} 50']],
    ['x > bool 10', ['{a="1",b="p"} 0', '{a="2",b="q"} 1']],
    ['x * 2 - 1', ['{a="1",b="p"} 9', '{a="2",b="q"} 99']],
    ['-x', ['{a="1",b="p"} -5', '{a="2",b="q"} -50']],
    ['time() - 40', ['200']],
    ['2 + 3 * 4', ['14']],
    ['x / x', ['{a="1",b="p"} 1', '{a="2",b="q"} 1']],
    ['x / on (a) max by (a) (x)', ['{a="1"} 1', '{a="2"} 1']],
    ['x and on (a) (x > 10)', ['x{a="2",b="q"} 50']],
    ['x unless on (a) (x > 10)', ['x{a="1",b="p"} 5']],
    ['x unless on () (x > 100)', ['x{a="1",b="p"} 5', 'x{a="2",b="q"} 50']],
    ['x unless on () vector(1)', []],
    ['x{a="1"} or x', ['x{a="1",b="p"} 5', 'x{a="2",b="q"} 50']],
    ['x > 10 unless x > 40', []],
  ])('%s', (query, answer) => expect(ask(query, two)).toEqual(answer));

  it('an operation whose partner is not clear is refused', () => {
    expect(() => ask('x + on () x', two)).toThrow('several series match');
  });
});

describe('what can not be read is refused', () => {
  it.each([
    ['x[', 'no PromQL at character'],
    ['sum(', 'no PromQL'],
    ['', 'no PromQL'],
    ['x[5m]', 'a range stands only within'],
    ['deriv(x[5m])', 'the function deriv is not known'],
    ['topk(3, x)', 'AggregateExpr is not known'],
    ['x offset 5m', 'OffsetExpr is not known'],
    ['x * on (a) group_left x', 'BinaryExpr is not known'],
    ['rate(x)', 'wants a range'],
  ])('%s', (query, reason) => expect(() => ask(query, two)).toThrow(reason));

  it('durations', () => {
    expect([secondsOf('90'), secondsOf('1h30m'), secondsOf('500ms')]).toEqual([90, 5_400, 0.5]);
    expect(() => secondsOf('5x')).toThrow('no duration');
  });
});
