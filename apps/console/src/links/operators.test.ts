import type { LinkRow } from '@trunkline/realtime-client';
import { describe, expect, it } from 'vitest';
import { attemptText } from './attempt-text.ts';
import { actionsOf } from './link-actions.ts';
import { healthOf } from './link-health.ts';
import { plainError, readingOf } from './link-reading.ts';
import { stepsOf } from './link-steps.ts';
import { linkStateText, wordsOfLink } from './link-words.ts';
import { mergeLink, mergeLinks } from './merge-link.ts';

/** Every state that a connector tells, and the two that follow from who holds the link. */
const states = [
  'idle',
  'connecting',
  'authenticating',
  'subscribing',
  'synchronising',
  'live',
  'lost',
  'waiting',
  'blocked',
  'refused',
] as const;
const of = (state: string, more: Partial<LinkRow> = {}): Required<LinkRow> => ({
  pbx: 'p1',
  name: 'Porto',
  vendor: 'yeastar',
  state,
  open: state === 'live',
  reason: null,
  since: '2026-11-19T14:00:00Z',
  nextAttemptAt: null,
  alarm: null,
  product: null,
  warnings: [],
  snapshotAt: null,
  revision: 5,
  held: true,
  enabled: true,
  ...more,
});
const asked = (state: string, more: Partial<LinkRow> = {}) => ({
  ...of(state, more),
  openCalls: 7,
  engagedExtensions: 9,
  link: {
    heldBy: 'conn-1',
    leaseExpiresAt: null,
    heardAt: null,
    epoch: 4,
    failures: 2,
    refusedLogins: 3,
    blocks: [],
  },
});

describe('a link, as operators see it', () => {
  it('has words, a place in the strip and a reading in every state', () => {
    for (const state of states) {
      const current = stepsOf(of(state)).filter(({ place }) => place === 'current').length;
      const told = [state, linkStateText(state) !== state, current, readingOf(of(state)) === null];
      expect(told).toEqual([state, true, 1, state === 'live']);
    }
  });

  it('goes along the strip, and what is no step of the way is a branch at its end', () => {
    const places = (link: LinkRow) =>
      stepsOf(link)
        .map(({ place }) => place[0])
        .join('');
    expect(places(of('subscribing'))).toBe('dddcaa');
    expect(places(of('live'))).toBe('dddddc');
    expect(places(of('blocked'))).toBe('aaaaaac');
    expect(stepsOf(of('live', { held: false })).at(-1)).toMatchObject({ state: 'unheld', tone: 'danger' });
    expect(stepsOf(of('live', { enabled: false })).at(-1)).toMatchObject({ word: 'Paused', tone: 'quiet' });
  });

  it('can be tried while it waits or was refused, and never while the PBX blocks us', () => {
    const retried = states.filter((state) => actionsOf(of(state)).retry !== null);
    expect(retried).toEqual(['lost', 'waiting', 'refused']);
    expect(states.filter((state) => actionsOf(of(state)).snapshot)).toEqual(['live']);
    expect(actionsOf(of('waiting', { enabled: false }))).toEqual({ retry: null, snapshot: false });
  });

  it('says which attempt is next, and how many logins were refused', () => {
    const details = { failures: 2, refusedLogins: 3 };
    expect([attemptText(of('waiting'), details), attemptText(of('refused'), details)]).toEqual([
      '3',
      '3 of 3',
    ]);
    expect([attemptText(of('live'), details), attemptText(of('waiting'), null)]).toEqual(['—', '—']);
  });

  it('reads errors in plain words, and leaves alone what it does not know', () => {
    expect(plainError('connect ECONNREFUSED 10.0.0.1:8088')).toContain('nothing listens');
    expect(plainError('certificate has expired')).toContain('certificate');
    expect(plainError('the moon is full')).toBeNull();
    expect(readingOf(of('waiting', { reason: 'read ECONNRESET' }))?.what).toBe(
      'The link to Porto is lost: the connection broke.',
    );
    expect(readingOf(of('waiting'))?.what).toBe('The link to Porto is lost.');
  });

  it('is what was told last, by news or by asking; asking alone tells of leases that ended', () => {
    const unheld = asked('live', { held: false });
    expect(mergeLink(of('live'), unheld)).toMatchObject({ held: false, openCalls: 7 });
    const { name: _name, ...news } = of('waiting', { revision: 6, held: false });
    const merged = mergeLink(news, unheld);
    expect(merged).toMatchObject({ state: 'waiting', held: true, name: 'Porto', link: { heldBy: 'conn-1' } });
    expect(mergeLink(of('live'), undefined)).toMatchObject({ openCalls: null, link: null });
    expect(mergeLink(undefined, undefined)).toBeNull();
    expect(mergeLinks([of('live', { pbx: 'p2' })], [asked('live')]).map(({ pbx }) => pbx)).toEqual([
      'p2',
      'p1',
    ]);
    expect(wordsOfLink(mergeLink(undefined, unheld) ?? unheld).word).toBe('Nobody holds the link');
  });

  it('has a health, and names what is taken off it', () => {
    const now = Date.parse('2026-11-19T15:00:00Z');
    const lostAt = (...minutes: number[]) =>
      minutes.map((minute) => ({ at: new Date(now - minute * 60_000).toISOString(), state: 'lost' }));
    const well = { ...asked('live'), link: { ...asked('live').link, failures: 0 } };
    expect(healthOf(well, lostAt(61), now)).toEqual({ score: 100, deductions: [] });
    expect(healthOf({ ...well, warnings: ['monitoring is off'] }, lostAt(5, 10, 61), now)).toEqual({
      score: 70,
      deductions: [
        { reason: 'It was lost twice in the last hour', points: 20 },
        { reason: 'The PBX is not set up as it should be', points: 10 },
      ],
    });
    const bad = { ...asked('refused', { alarm: 'wrong password' }), open: false };
    expect(healthOf(bad, lostAt(1, 2, 3, 4, 5, 6), now)?.score).toBe(0);
    expect(healthOf({ ...well, enabled: false }, [], now)).toBeNull();
  });
});
