import type { LinkRow } from '@trunkline/realtime-client';
import { describe, expect, it } from 'vitest';
import { isVerified, wordsOfLink } from './link-words.ts';
import { troublesOf } from './troubles.ts';

const now = Date.parse('2026-11-19T14:00:00Z');
const link = (name: string, state: string, more: Partial<LinkRow> = {}): LinkRow => ({
  pbx: name,
  name,
  state,
  open: state === 'live' || state === 'synchronising',
  reason: null,
  since: '2026-11-19T13:59:50Z',
  nextAttemptAt: null,
  alarm: null,
  product: null,
  warnings: [],
  snapshotAt: null,
  revision: 1,
  held: true,
  enabled: true,
  ...more,
});

describe('links', () => {
  it('are verified only while somebody holds them and the PBX was read', () => {
    const states = [
      link('a', 'live'),
      link('b', 'synchronising'),
      link('c', 'live', { held: false }),
      link('d', 'waiting'),
    ];
    expect(states.map(isVerified)).toEqual([true, false, false, false]);
  });

  it('have words for all that a connector says, and for what it does not', () => {
    expect(wordsOfLink({ state: 'live', held: false })).toMatchObject({ word: 'Nobody holds the link' });
    expect(wordsOfLink({ state: 'live', enabled: false })).toMatchObject({ word: 'Paused', tone: 'quiet' });
    expect(wordsOfLink({ state: 'novel' })).toMatchObject({ word: 'novel', tone: 'warn' });
  });

  it('in trouble are told worst first, with what happens next, and since they were lost', () => {
    const links = [
      link('Porto', 'live'),
      link('Lisbon', 'waiting', { nextAttemptAt: '2026-11-19T14:00:03.500Z' }),
      link('Faro', 'blocked', { nextAttemptAt: '2026-11-19T14:04:48Z' }),
      link('Braga', 'refused'),
      link('Evora', 'waiting', { enabled: false }),
    ];
    const connection = {
      pbx: 'Lisbon',
      version: '1',
      since: '2026-11-19T13:02:11Z',
      cause: 'x',
      reason: '',
      cleanup: null,
      graceMs: null,
    };
    const told = troublesOf(links, (pbx) => (pbx === 'Lisbon' ? connection : undefined), now);
    expect(told.map(({ pbx, tone, since, next }) => [pbx, tone, since, next])).toEqual([
      ['Braga', 'danger', '2026-11-19T13:59:50Z', 'Correct the credentials, then retry'],
      ['Faro', 'danger', '2026-11-19T13:59:50Z', 'No attempt for 04:48'],
      ['Lisbon', 'warn', '2026-11-19T13:02:11Z', 'Retry in 4 s'],
    ]);
  });
});
