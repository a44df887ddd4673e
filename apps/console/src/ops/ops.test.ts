import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SweepReport, SweptCall, SystemAnswer } from '../api/answers.ts';
import { sparkPath } from '../ui/spark-path.ts';
import { causeText } from './copy.ts';
import { countsOf, countText, stageOf, tookText, whyText } from './run-words.ts';
import { createSamples, keptMs } from './samples.ts';
import { endable, endAction, endTitle, groupOutcomes, reportText } from './sweep-words.ts';
import { ageText, noteSystem, rateOf, rateText, worstGroup, writtenOf } from './system-figures.ts';

const report = (counts: Record<string, number>, more: Partial<SweepReport> = {}): SweepReport => ({
  state: 'done',
  dryRun: true,
  verify: true,
  counts: { found: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts },
  failedBatches: 0,
  calls: [],
  callsOmitted: 0,
  more: false,
  ...more,
});

describe('a sweep', () => {
  it('ends what its preview counted, and nothing after a run or where there is nothing', () => {
    expect(endable(report({ would_end: 12, alive: 3 }))).toBe(12);
    expect([endTitle(12), endAction(1)]).toEqual(['End 12 calls?', 'End 1 call']);
    expect([
      endable(report({ alive: 3 })),
      endable(report({ ended: 3 }, { dryRun: false })),
      endable(null),
    ]).toEqual([null, null, null]);
    expect(endable(report({ would_end: 2 }, { state: 'busy' }))).toBeNull();
  });

  it('is told in a sentence', () => {
    const texts = [
      report({}),
      report({ would_end: 12, alive: 2, unknown: 1 }),
      report({ ended: 1, alive: 2 }, { dryRun: false }),
      report({ ended: 10, failed: 2 }, { dryRun: false, more: true }),
      report({}, { state: 'busy' }),
    ].map(reportText);
    expect(texts).toEqual([
      'No call is suspect. Nothing to do.',
      '15 calls looked at: 12 would be ended, 3 kept. Nothing was changed.',
      '1 call ended, 2 kept.',
      '10 of 12 ended. 2 failed; nothing of those was changed. There are more suspects than one sweep takes; look again afterwards.',
      'Nothing was done: another sweep is under way. Try again when it is over.',
    ]);
  });

  it('shows failures first, and what is new here last', () => {
    const calls = ['alive', 'novel', 'ended', 'failed', 'alive'].map((outcome) => ({ outcome }) as SweptCall);
    expect(groupOutcomes(calls).map(({ outcome, calls: some }) => [outcome, some.length])).toEqual([
      ['failed', 1],
      ['ended', 1],
      ['alive', 2],
      ['novel', 1],
    ]);
  });
});

describe('a cleanup run', () => {
  it('has the counts that its kind has, and no zero for what it has not', () => {
    expect(countsOf({ kind: 'disconnect', counts: { extensionsReset: 12, callsEnded: 4 } })).toEqual({
      extensions: 12,
      ended: 4,
      revived: null,
    });
    expect(
      countsOf({ kind: 'reconcile', counts: { extensionsSettled: 1, callsEnded: 0, callsReopened: 3 } }),
    ).toEqual({ extensions: 1, ended: 0, revived: 3 });
    expect(countsOf({ kind: 'sweep', counts: { ended: 2, reopened: 1 } })).toEqual({
      extensions: null,
      ended: 2,
      revived: 1,
    });
    expect([countText('callsEnded'), countText('novelCount')]).toEqual(['Calls ended', 'novel count']);
    expect([causeText('pbx_restarted'), causeText('brand_new'), causeText(null)]).toEqual([
      'PBX restarted',
      'brand new',
      '—',
    ]);
    expect(whyText({ kind: 'disconnect', cause: 'pbx_restarted', reason: null })).toBe('PBX restarted');
  });

  it('waits, runs, was spared or took its time', () => {
    const run = { finishedAt: null, spared: false, dueAt: null };
    expect(stageOf(run)).toBe('running');
    expect(stageOf({ ...run, dueAt: '2026-11-19T14:00:05Z' })).toBe('waiting');
    expect(stageOf({ ...run, spared: true, finishedAt: '2026-11-19T14:00:05Z' })).toBe('spared');
    const startedAt = '2026-11-19T14:00:00.000Z';
    const took = ['00.286', '02.540', '59.999'].map((end) =>
      tookText({ startedAt, finishedAt: `2026-11-19T14:00:${end}Z` }),
    );
    expect([...took, tookText({ startedAt, finishedAt: null })]).toEqual(['286 ms', '2.5 s', '60.0 s', null]);
  });
});

describe('figures of the system', () => {
  const system = (at: string, trimmed: number | null, lag = 0): SystemAnswer => ({
    at,
    backlogs: {
      ok: true,
      value: { outbox: { messages: 4, oldestMs: null }, snapshotWishes: 0, connectors: 1 },
    },
    groups: {
      ok: true,
      value: [
        { group: 'a', lag, oldestMs: null, parked: 0 },
        { group: 'b', lag: lag + 1, oldestMs: 10, parked: 0 },
      ],
    },
    shards: {
      ok: true,
      value: [
        { shard: 0, entries: 10, trimmed, groups: [] },
        { shard: 1, entries: 0, trimmed: null, groups: [] },
      ],
    },
    queues: { ok: false, because: 'Redis does not answer' },
    chores: { ok: true, value: [] },
  });

  it('are rates of what only grows, and no rate where nobody counts', () => {
    expect([writtenOf(system('', 90)), writtenOf(system('', null))]).toEqual([100, null]);
    expect(rateOf({ at: 0, count: 100 }, { at: 5_000, count: 150 })).toBe(10);
    expect([rateOf(null, { at: 1, count: 1 }), rateOf({ at: 0, count: 9 }, { at: 5, count: 1 })]).toEqual([
      null,
      null,
    ]);
    expect([1_900, 42.4, 1.44, 0, null].map(rateText)).toEqual(['1.9 k/s', '42/s', '1.4/s', '0/s', '—']);
    expect([126, 2_340, 61_000, null].map(ageText)).toEqual(['126 ms', '2.3 s', '61 s', 'none waits']);
    expect(worstGroup(system('', 0))?.group).toBe('b');
  });

  it('are kept for a quarter of an hour, each moment once', () => {
    const samples = createSamples();
    const at = (ms: number) => new Date(ms).toISOString();
    noteSystem(samples, system(at(1_000_000), 90));
    noteSystem(samples, system(at(1_005_000), 140));
    noteSystem(samples, system(at(1_005_000), 140));
    expect(samples.of('rate')).toEqual([{ at: 1_005_000, value: 10 }]);
    expect(samples.of('lag b')).toHaveLength(2);
    samples.add('lag b', 1_005_000 + keptMs, 3);
    expect(samples.of('lag b')).toEqual([{ at: 1_005_000 + keptMs, value: 3 }]);
    samples.add('lag b', 9e12, null);
    expect(samples.of('lag b')).toHaveLength(1);
  });

  it('are drawn from zero upwards, and not at all of one sample', () => {
    const path = sparkPath(
      [
        { at: 0, value: 0 },
        { at: 10, value: 4 },
      ],
      100,
      20,
    );
    expect(path).toEqual({ line: 'M0.0 20.0L100.0 0.0', area: 'M0.0 20.0L100.0 0.0L100 20L0 20Z' });
    expect([sparkPath([{ at: 0, value: 1 }], 100, 20), sparkPath([], 1, 1)]).toEqual([null, null]);
  });
});

describe('a table', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('draws some hundred rows, and says how many there are more (drawn by the server renderer)', async () => {
    vi.stubGlobal('localStorage', { getItem: () => null });
    vi.stubGlobal('addEventListener', () => undefined);
    const { Table } = await import('./table.tsx');
    const rows = Array.from({ length: 700 }, (_, row) => `row ${row}`);
    const columns = [{ title: 'Row', cell: (row: string) => row }];
    const html = renderToStaticMarkup(
      createElement(Table<string>, { label: 'Rows', columns, rows, keyOf: (row) => row }),
    );
    expect(html.match(/row \d+/g)).toEqual(rows.slice(0, 300));
    expect(html).toContain('Show 300 more of 400');
  });
});
