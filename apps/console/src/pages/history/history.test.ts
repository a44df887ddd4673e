import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  directions,
  isBackwards,
  isNarrowed,
  noFilter,
  queryOf,
  ranges,
  readFilter,
  writeFilter,
  type HistoryFilter,
} from './history-filter.ts';

const now = Date.parse('2026-11-19T14:02:11Z');
const read = (text: string) => readFilter(new URLSearchParams(text));

describe('the filter of the history', () => {
  it('is in the address and comes back from it', () => {
    const instant = fc
      .integer({ min: 0, max: 2_000_000_000 })
      .map((second) => new Date(second * 1_000).toISOString());
    const word = fc.string({ maxLength: 20 }).map((text) => text.trim());
    const filter: fc.Arbitrary<HistoryFilter> = fc
      .record({
        range: fc.constantFrom(...ranges),
        from: fc.option(instant),
        to: fc.option(instant),
        extension: word,
        number: word,
        direction: fc.option(fc.constantFrom(...directions)),
        cause: fc.option(fc.constantFrom('ours', 'busy', 'timeout_cleanup')),
        pbx: fc.option(fc.uuid()),
      })
      .map((made) => (made.range === 'custom' ? made : { ...made, from: null, to: null }));
    fc.assert(
      fc.property(filter, (made) => {
        expect(readFilter(new URLSearchParams(writeFilter(made).toString()))).toEqual(made);
      }),
    );
    expect(writeFilter(noFilter).toString()).toBe('');
  });

  it('counts what is no filter as not said', () => {
    expect(read('range=9d&direction=up&cause=<b>&pbx=1&from=yesterday&extension=%20')).toEqual(noFilter);
  });

  it('asks the API for ended calls, from a whole minute on', () => {
    expect(queryOf(noFilter, now)).toMatchObject({
      status: 'ended',
      from: '2026-11-18T14:02:00.000Z',
      to: null,
    });
    expect(queryOf({ ...noFilter, range: 'all' }, now)['from']).toBeNull();
    const custom = read('from=2026-11-01T00:00:00Z&range=7d');
    expect(queryOf(custom, now)).toMatchObject({ from: '2026-11-01T00:00:00.000Z' });
  });

  it('looks for how a number begins, and behind a star for how it ends', () => {
    expect(queryOf({ ...noFilter, number: '+351' }, now)).toMatchObject({ numberStartsWith: '+351' });
    const end = queryOf({ ...noFilter, number: '*789' }, now);
    expect([end['numberEndsWith'], end['numberStartsWith']]).toEqual(['789', undefined]);
    expect(queryOf({ ...noFilter, cause: 'ours' }, now)['cause']).toContain('timeout_cleanup');
  });

  it('knows when it narrows, and when its times are the wrong way round', () => {
    expect([read('range=7d'), read('cause=busy')].map(isNarrowed)).toEqual([false, true]);
    const [from, to] = ['2026-11-02T00:00:00Z', '2026-11-01T00:00:00Z'];
    expect([
      isBackwards({ from, to }),
      isBackwards({ from: to, to: from }),
      isBackwards({ from, to: null }),
    ]).toEqual([true, false, false]);
  });
});
