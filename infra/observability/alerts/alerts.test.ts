import { describe, expect, it, test } from 'vitest';
import { exposed } from '../catalogue.ts';
import { faults, harmless } from '../faults/faults.ts';
import { healthy } from '../faults/healthy.ts';
import { faultAtSeconds, seriesOf, worldSeconds, type World } from '../faults/world.ts';
import { parseExposition } from '../promql/parse-exposition.ts';
import { parseQuery } from '../promql/parse-query.ts';
import { problemsOf } from '../promql/problems-of.ts';
import { allAlerts } from './all-alerts.ts';
import { firedBetween } from './firing.ts';

const timesOf = (changes: World) =>
  firedBetween(allAlerts, seriesOf({ ...healthy, ...changes }), { from: 1_800, to: worldSeconds });

const fired = (changes: World) => timesOf(changes).map(({ name }) => name);

describe('an alert, on series made after our metrics', () => {
  it('is silent while all is well', () => expect(fired({})).toEqual([]));

  it.each(harmless)('is silent at $says', ({ changes }) => expect(fired(changes)).toEqual([]));

  it.each(faults)('$alert fires when $says, and no other does', ({ alert, changes }) => {
    const times = timesOf(changes);
    expect(times.map(({ name }) => name)).toEqual([alert]);
    expect(times[0]?.at).toBeGreaterThanOrEqual(faultAtSeconds);
  });

  it('each has a fault of its own', () => {
    expect([...new Set(faults.map(({ alert }) => alert))].toSorted()).toEqual(
      allAlerts.map(({ name }) => name).toSorted(),
    );
  });

  it('a sweep that was never done is missed as well', () => {
    const never = 'trunkline_sweep_last_done_timestamp_seconds{app="stuck-call-worker"}';
    expect(fired({ [never]: () => 0 })).toEqual(['TrunklineSweepMissing']);
  });
});

test.each(allAlerts)('$name asks for metrics and labels that exist', ({ query }) => {
  expect(problemsOf(parseQuery(query), exposed)).toEqual([]);
});

test('faults are made of metrics and labels that exist', () => {
  const worlds = [
    healthy,
    ...faults.map(({ changes }) => changes),
    ...harmless.map(({ changes }) => changes),
  ];
  const unknown = worlds
    .flatMap((world) =>
      parseExposition(
        Object.keys(world)
          .map((key) => `${key} 0`)
          .join('\n'),
      ),
    )
    .filter(({ metric, labels }) => {
      const known = exposed.get(metric ?? '')?.labels;
      return known === undefined || Object.keys(labels).some((label) => !known.includes(label));
    });
  expect(unknown).toEqual([]);
});

test('alerts are named once, and say what to do', () => {
  expect(new Set(allAlerts.map(({ name }) => name)).size).toBe(allAlerts.length);
  for (const { name, summary, meaning, look, act } of allAlerts) {
    expect(name).toMatch(/^Trunkline[A-Z][A-Za-z]+$/);
    for (const text of [summary, meaning, ...look, ...act]) expect(text.length).toBeGreaterThan(10);
    expect(look.length * act.length).toBeGreaterThan(0);
  }
});
