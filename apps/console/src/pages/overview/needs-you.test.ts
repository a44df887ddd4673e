import { describe, expect, it } from 'vitest';
import type { DeadLetter, FinishedSweep, Schedule } from '../../api/answers.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { needsOf, type Seen } from './needs-you.ts';

const now = Date.parse('2026-11-19T14:10:00Z');
const link = (state: string, more: Partial<ShownLink> = {}): ShownLink => ({
  pbx: state,
  name: 'Faro',
  state,
  open: state === 'live',
  reason: null,
  since: '2026-11-19T14:09:30Z',
  nextAttemptAt: null,
  alarm: null,
  product: null,
  warnings: [],
  snapshotAt: null,
  revision: 1,
  held: true,
  enabled: true,
  openCalls: 0,
  engagedExtensions: 0,
  link: null,
  ...more,
});
const sweep = (counts: Record<string, number>, dryRun = true, finishedAt = '2026-11-19T14:08:00Z') =>
  ({ id: 's1', finishedAt, report: { dryRun, counts } }) as unknown as FinishedSweep;
const quiet: Seen = { links: [], letters: undefined, sweeps: undefined, schedule: undefined, now };
const texts = (seen: Partial<Seen>) => needsOf({ ...quiet, ...seen }).map(({ text }) => text);

describe('what needs a person', () => {
  it('is nothing while all is well, mends itself, is switched off, or is not known', () => {
    const links = ['live', 'waiting', 'connecting', 'synchronising', 'idle'].map((state) => link(state));
    expect(texts({ links: [...links, link('refused', { enabled: false })] })).toEqual([]);
    expect(
      texts({
        letters: { items: [], hasMore: false },
        sweeps: [],
        schedule: { scheduled: true } as Schedule,
      }),
    ).toEqual([]);
  });

  it('is a link that does not come back by itself, with why and for how long', () => {
    expect(
      texts({
        links: [
          link('refused'),
          link('blocked', { nextAttemptAt: '2026-11-19T14:14:48Z' }),
          link('live', { held: false }),
          link('waiting', { since: '2026-11-19T14:04:00Z' }),
          link('lost', { alarm: 'certificate has expired' }),
        ],
      }),
    ).toEqual([
      'Faro refused the login, and we stopped so that it doesn’t block us.',
      'Faro has blocked our address; no attempt for 04:48. Check the password there.',
      'Nobody holds the link to Faro. Is a connector running?',
      'Faro: certificate has expired',
      'Faro has been out of reach for 06:00.',
    ]);
  });

  it('is a preview that nobody acted on, a run in which some failed, and what was set aside', () => {
    expect(texts({ sweeps: [sweep({ would_end: 2, alive: 4 })] })).toEqual([
      '2 calls found stuck, and not ended yet.',
    ]);
    expect(texts({ sweeps: [sweep({ ended: 2, failed: 1 }, false)] })).toEqual([
      '1 call could not be ended by the last sweep.',
    ]);
    expect(texts({ sweeps: [sweep({ ended: 3 }, false), sweep({ would_end: 3 })] })).toEqual([]);
    expect(texts({ sweeps: [sweep({ would_end: 2 }, true, '2026-11-19T13:00:00Z')] })).toEqual([]);
    const letters = (count: number, hasMore = false) => ({
      items: Array.from({ length: count }, () => ({}) as DeadLetter),
      hasMore,
    });
    expect([1, 14].flatMap((count) => texts({ letters: letters(count) }))).toEqual([
      '1 event couldn’t be applied and was set aside.',
      '14 events couldn’t be applied and were set aside.',
    ]);
    expect(texts({ letters: letters(500, true) })).toEqual([
      'More than 500 events couldn’t be applied and were set aside.',
    ]);
    expect(texts({ schedule: { scheduled: false } as Schedule })[0]).toContain('stuck-call worker');
  });

  it('has the dangerous first, and each its one way on', () => {
    const needs = needsOf({
      ...quiet,
      links: [link('waiting', { since: '2026-11-19T13:00:00Z' }), link('refused')],
    });
    expect(needs.map(({ tone, href }) => [tone, href])).toEqual([
      ['danger', '/ops/links/refused'],
      ['warn', '/ops/links/waiting'],
    ]);
  });
});
