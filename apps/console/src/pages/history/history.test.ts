import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellOf, csvOf } from './csv.ts';
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

describe('the file for spreadsheets', () => {
  it.each([
    ['+351912345678', '+351912345678'],
    ['*21#', '*21#'],
    ['=cmd|x', "'=cmd|x"],
    ['+351+cmd', "'+351+cmd"],
    ['@SUM(1)', "'@SUM(1)"],
    ['-2', "'-2"],
    ['\t=1', "'\t=1"],
    ['Costa, Maria "Mia"', '"Costa, Maria ""Mia"""'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('tells %j as %j', (text, cell) => expect(cellOf(text)).toBe(cell));

  it('has times in the zone of the screen, words for causes, and an end to each line', () => {
    const call = {
      pbx: 'p1',
      pbxName: 'Porto',
      call: 'c1',
      status: 'ended' as const,
      startedAt: '2026-11-19T14:02:11Z',
      answeredAt: null,
      answeredApproximate: false,
      endedAt: '2026-11-19T14:03:00Z',
      cause: 'timeout_cleanup',
      talkSeconds: 0,
      direction: 'inbound' as const,
      trunk: null,
      did: null,
      callerNumber: '+351912345678',
      callerName: 'Costa, Maria',
      calleeNumber: '1042',
      calleeName: null,
      extensions: ['1042', '1043'],
      verifiedAt: null,
      revision: 1,
    };
    const [head, line, rest] = csvOf([call], 'Europe/Berlin').split('\r\n');
    expect([head?.startsWith('\uFEFFstarted,answered,'), rest]).toEqual([true, '']);
    expect(line).toBe(
      '2026-11-19T15:02:11+01:00,,2026-11-19T15:03:00+01:00,Ended,Timed out (cleanup),yes,0,Inbound,+351912345678,"Costa, Maria",1042,,,1042 1043,,Porto,c1',
    );
  });
});
