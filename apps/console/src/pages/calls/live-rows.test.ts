import type { CallRow, LinkRow, TopicStatus } from '@trunkline/realtime-client';
import { describe, expect, it } from 'vitest';
import { freshnessOf } from './freshness.ts';
import { createPlacer, matches, rowsByGroup } from './live-rows.ts';

const row = (call: string, status: CallRow['status'], second = 0, more: Partial<CallRow> = {}): CallRow => ({
  pbx: 'p1',
  call,
  status,
  startedAt: new Date(Date.parse('2026-11-19T14:00:00Z') + second * 1_000).toISOString(),
  answeredAt: null,
  answeredApproximate: false,
  endedAt: null,
  cause: null,
  talkSeconds: null,
  direction: 'inbound',
  trunk: null,
  did: null,
  callerNumber: '+351912345678',
  callerName: 'Maria Costa',
  calleeNumber: null,
  calleeName: null,
  extensions: ['1042'],
  revision: 1,
  ...more,
});

/** What a board shows after each picture, as `group: calls`, and how many wait. */
function lab() {
  const placer = createPlacer();
  return (calls: readonly CallRow[], isHolding = false, asked = '') => {
    const { placement, waiting } = placer.next(calls, isHolding, asked);
    const shown = Object.entries(rowsByGroup(placement, calls)).flatMap(([group, rows]) =>
      rows.length === 0 ? [] : [`${group}: ${rows.map(({ call }) => call).join(' ')}`],
    );
    return [...shown, ...(waiting > 0 ? [`${waiting} wait`] : [])];
  };
}

describe('rows of live calls', () => {
  it('stand by their state, the longest first, so that a new one moves none', () => {
    const show = lab();
    expect(
      show([row('c', 'held', 3), row('b', 'ringing', 2), row('a', 'calling', 1), row('d', 'connected')]),
    ).toEqual(['coming: a b', 'connected: d', 'held: c']);
  });

  it('of ended calls stay where they were until they leave', () => {
    const show = lab();
    show([row('a', 'connected')]);
    expect(show([row('a', 'ended')])).toEqual(['connected: a']);
    expect(show([])).toEqual([]);
    expect(show([row('b', 'ended')])).toEqual([]);
  });

  it('stand still while somebody looks at one; new ones wait, and ended ones go', () => {
    const show = lab();
    show([row('a', 'ringing'), row('b', 'ringing')]);
    const news = [row('a', 'connected'), row('n', 'ringing', 9), row('m', 'ended', 9)];
    expect(show(news, true)).toEqual(['coming: a', '1 wait']);
    expect(show(news)).toEqual(['coming: n', 'connected: a']);
  });

  it('that wait are shown when one asks for them, or for others', () => {
    const show = lab();
    show([row('a', 'ringing')], false, '0 ');
    const news = [row('a', 'ringing'), row('n', 'ringing', 9)];
    expect(show(news, true, '0 ')).toEqual(['coming: a', '1 wait']);
    expect(show(news, true, '1 ')).toEqual(['coming: a n']);
    expect(show([...news, row('o', 'held', 10)], true, '1 ')).toEqual(['coming: a n', '1 wait']);
  });

  it('are there at once on an empty board, whoever points where', () => {
    expect(lab()([row('a', 'ringing')], true)).toEqual(['coming: a']);
  });

  it('are found by any of their words', () => {
    const call = row('a', 'ringing');
    expect(
      ['', 'maria', '9123 1042', 'COSTA', '1043', 'maria 1043'].map((text) => matches(call, text)),
    ).toEqual([true, true, true, true, false, false]);
  });
});

describe('what is shown of a call', () => {
  const link: LinkRow = {
    pbx: 'p1',
    state: 'live',
    open: true,
    held: true,
    reason: null,
    since: 'now',
    nextAttemptAt: null,
    alarm: null,
    product: null,
    warnings: [],
    snapshotAt: null,
    revision: 1,
  };
  const topic = (state: TopicStatus['state'], asOf: number | null = null): TopicStatus => ({
    state,
    asOf,
    problem: null,
  });
  const open = row('a', 'connected');
  it.each<[string, ReturnType<typeof freshnessOf>, CallRow, TopicStatus, LinkRow | undefined]>([
    ['is live', { state: 'live' }, open, topic('live'), link],
    ['is late', { state: 'delayed' }, open, topic('delayed'), link],
    ['is stale without a connection', { state: 'stale', since: 7 }, open, topic('stale', 7), link],
    [
      'is unverified without a link',
      { state: 'unverified', since: 'lost' },
      open,
      topic('live'),
      { ...link, open: false },
    ],
    [
      'needs no proof after its end',
      { state: 'live' },
      row('a', 'ended'),
      topic('live'),
      { ...link, open: false },
    ],
    ['is unknown before anything was told', { state: 'waiting' }, open, topic('waiting'), link],
    ['is unknown where nothing was told of the link', { state: 'waiting' }, open, topic('live'), undefined],
  ])('%s', (_name, expected, call, status, of) => {
    expect(freshnessOf(call, status, of, () => 'lost')).toEqual(expected);
  });
});
