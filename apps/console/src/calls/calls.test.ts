import type { CallRow } from '@trunkline/realtime-client';
import { describe, expect, it } from 'vitest';
import { callOfPath, callPath } from './call-path.ts';
import { calleeText, callerText, causeWord, durationMs, isClosedByUs } from './call-words.ts';
import { dialledPattern } from './dialled.ts';
import { named } from './known-parties.ts';
import type { CallCleanup, CallDetail, TrailEntry } from './listed-call.ts';
import { refusalOf } from './refusal.ts';
import { runThatClosed, timelineOf } from './timeline.ts';

const at = (second: number): string =>
  new Date(Date.parse('2026-11-19T14:00:00Z') + second * 1_000).toISOString();
const row: CallRow = {
  pbx: 'p1',
  call: 'c1',
  status: 'connected',
  startedAt: at(0),
  answeredAt: at(5),
  answeredApproximate: false,
  endedAt: null,
  cause: null,
  talkSeconds: null,
  direction: 'inbound',
  trunk: null,
  did: '+35121000',
  callerNumber: '+351912345678',
  callerName: 'Maria Costa',
  calleeNumber: null,
  calleeName: null,
  extensions: ['1042'],
  revision: 3,
};
const said = (second: number, type: string, payload: object = {}): TrailEntry => ({
  at: at(second),
  type,
  version: String(second),
  payload,
  traceparent: null,
});
const run = (
  second: number,
  kind: string,
  outcome: string,
  more: Partial<CallCleanup> = {},
): CallCleanup => ({
  id: `${kind}-${second}`,
  pbx: 'p1',
  kind,
  cause: null,
  reason: null,
  happenedAt: at(second),
  startedAt: at(second + 1),
  finishedAt: at(second + 2),
  outcome,
  why: null,
  ...more,
});
const detail = (more: Partial<CallDetail>): CallDetail => ({
  ...row,
  pbxName: 'Porto',
  verifiedAt: null,
  trail: [],
  moreTrail: false,
  cleanups: [],
  recordings: [],
  ...more,
});
const told = (call: Partial<CallDetail>) =>
  timelineOf(detail(call)).map(
    ({ title, by, isReopening, hadGoneOn }) =>
      `${by}: ${title}${isReopening ? ' (again)' : ''}${hadGoneOn ? ' (had gone on)' : ''}`,
  );

describe('a call in words', () => {
  it('names its parties, by the number that was dialled while nobody knows better', () => {
    expect([callerText(row), calleeText(row)]).toEqual(['+351912345678', '+35121000']);
    expect(calleeText({ ...row, did: null })).toBe('Unknown number');
    expect(callerText({ ...row, callerNumber: null })).toBe('Maria Costa');
  });

  it('says why it ended, and whether that was us', () => {
    expect(['timeout_cleanup', 'no_answer', null, 'novel_cause'].map(causeWord)).toEqual([
      'Timed out (cleanup)',
      'No answer',
      '—',
      'novel cause',
    ]);
    expect(['pbx_disconnected', 'reconciled', 'normal', null].map(isClosedByUs)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each<[string, Partial<CallRow>, number | null]>([
    ['talks', {}, 55_000],
    ['rings', { status: 'ringing', answeredAt: null }, 60_000],
    ['has not begun by our clock', { status: 'ringing', answeredAt: null, startedAt: at(90) }, 0],
    ['was talked', { status: 'ended', endedAt: at(40), talkSeconds: 34 }, 34_000],
    ['was not answered', { status: 'ended', answeredAt: null, endedAt: at(40), talkSeconds: 0 }, 40_000],
    ['ended nobody knows when', { status: 'ended', answeredAt: null }, null],
  ])('is as long as it %s', (_name, more, ms) => {
    expect(durationMs({ ...row, ...more }, Date.parse(at(60)))).toBe(ms);
  });

  it('has an address, whatever its PBX calls it', () => {
    for (const call of ['1700000.12', 'a/b', '50%25', 'ü ?#&', '%2F']) {
      expect(callOfPath(callPath({ pbx: 'p1', call }))).toEqual({ pbx: 'p1', call });
    }
    expect([callOfPath('/calls/p1'), callOfPath('/calls/p1/%E0%A4%A')]).toEqual([null, null]);
  });
});

describe('hanging up', () => {
  const link = { open: true, held: true, enabled: true };
  it.each<[string, ReturnType<typeof refusalOf>, Parameters<typeof refusalOf>]>([
    ['is possible', null, [row, link, true]],
    ['is possible where nothing was told of the link', null, [row, undefined, true]],
    ['is refused without a connection', 'disconnected', [row, link, false]],
    ['is refused where the link is lost', 'link-lost', [row, { ...link, open: false }, true]],
    ['is refused where nobody holds the link', 'link-lost', [row, { ...link, held: false }, true]],
    ['is refused where the PBX is switched off', 'link-lost', [row, { ...link, enabled: false }, true]],
    ['is of no use after the end', 'ended', [{ status: 'ended' }, link, false]],
  ])('%s', (_name, expected, asked) => {
    expect(refusalOf(...asked)).toBe(expected);
  });
});

it('what can be dialled is what the server takes, also as the pattern of a field', () => {
  const pattern = new RegExp(`^(?:${dialledPattern})$`, 'v');
  const texts = ['1042', '+351 912', '*21#', 'a.b@c-d_e', '', '1;2'];
  expect(texts.filter((text) => pattern.test(text))).toEqual(['1042', '*21#', 'a.b@c-d_e']);
});

describe('a timeline', () => {
  const talk = [
    said(0, 'call.calling', {
      caller: { number: '+1' },
      callee: { number: '1042' },
      route: { trunk: 'sip' },
    }),
    said(1, 'call.ringing', { extensions: ['1042', '1043'] }),
    said(5, 'call.connected', { extensions: ['1043'] }),
  ];

  it('tells what the PBX said, with phones, parties and cause', () => {
    const trail = [...talk, said(60, 'call.ended', { cause: 'busy' }), said(61, 'call.novel')];
    const steps = timelineOf(detail({ status: 'ended', trail }));
    expect(steps.map(({ title, detail: more, state }) => [title, more, state])).toEqual([
      ['Calling', '+1 → 1042 · trunk sip', 'calling'],
      ['Ringing', 'phones 1042, 1043', 'ringing'],
      ['Connected', 'phones 1043', 'connected'],
      ['Ended', 'Busy', 'ended'],
      ['call.novel', null, 'unknown'],
    ]);
  });

  it('tells what we did between, with the way to the run, and that the PBX spoke again', () => {
    const lost = run(10, 'disconnect', 'ended', { cause: 'pbx_disconnected', reason: 'socket closed' });
    const trail = [...talk, said(20, 'call.held')];
    expect(told({ status: 'held', trail, cleanups: [lost] })).toEqual([
      'pbx: Calling',
      'pbx: Ringing',
      'pbx: Connected',
      'us: Cleanup after a lost link closed it: PBX link lost',
      'pbx: On hold (again)',
    ]);
    const [, , , step] = timelineOf(detail({ trail, cleanups: [lost] }));
    expect(step).toMatchObject({ run: 'disconnect-10', detail: 'socket closed', at: at(10) });
  });

  it('tells once what a sweep wrote down twice, and keeps what only the trail knows', () => {
    const ended = said(50, 'sweep.ended', { why: 'answered_too_long' });
    const swept = run(50, 'sweep', 'ended', { why: 'answered_too_long' });
    expect(told({ status: 'ended', trail: [ended], cleanups: [swept] })).toEqual([
      'us: Sweep of stuck calls closed it: answered too long',
    ]);
    expect(told({ status: 'ended', trail: [ended] })).toEqual(['us: Sweep of stuck calls closed it']);
  });

  it('says that a list of the PBX opened it again, though no word of the trail does', () => {
    const lost = run(10, 'disconnect', 'ended', { cause: 'pbx_disconnected' });
    expect(told({ trail: talk, cleanups: [lost] }).at(-1)).toBe('pbx: The PBX lists it as open (again)');
    expect(told({ status: 'ended', trail: talk, cleanups: [lost] }).at(-1)).toContain('PBX link lost');
  });

  it('says of what we closed that it had gone on when the PBX ends it, and says the end once', () => {
    const lost = run(10, 'disconnect', 'ended', { cause: 'pbx_disconnected' });
    const ended = said(60, 'call.ended', { cause: 'normal' });
    const trail = [...talk, ended, { ...ended, version: '61' }];
    expect(told({ status: 'ended', trail, cleanups: [lost] }).slice(2)).toEqual([
      'pbx: Connected',
      'us: Cleanup after a lost link closed it: PBX link lost',
      'pbx: Ended (had gone on)',
    ]);
    const other = said(61, 'call.ended', { cause: 'busy' });
    expect(told({ status: 'ended', trail: [...talk, ended, other] }).slice(3)).toEqual([
      'pbx: Ended',
      'pbx: Ended',
    ]);
  });

  it('has recordings in their place, and says where the answer is only about known', () => {
    const recordings = [{ recording: 'r1', readyAt: at(70), durationSeconds: 34 }];
    const steps = timelineOf(detail({ answeredApproximate: true, trail: talk, recordings }));
    expect(steps.at(-1)?.title).toBe('Recording ready, 00:34');
    expect(steps[2]?.detail).toContain('approximate');
  });

  it('knows the run that closed a call, as long as it is closed', () => {
    const cleanups = [run(1, 'sweep', 'alive'), run(2, 'disconnect', 'ended'), run(3, 'sweep', 'unknown')];
    expect(runThatClosed({ status: 'ended', cleanups })).toBe('disconnect-2');
    expect(runThatClosed({ status: 'connected', cleanups })).toBeNull();
  });
});

describe('who is on a call', () => {
  const party = { contact: 'c', label: 'work' };
  it('is the contact, else whom the PBX names', () => {
    const callerContact = { ...party, name: 'Ada', company: 'Engines' };
    expect(named(row, { callerContact, calleeContact: null })).toMatchObject({
      ...row,
      callerName: 'Ada, Engines',
    });
    const calleeContact = { ...party, name: null, company: 'Engines' };
    const known = { calleeContact };
    expect(named(row, known)).toMatchObject({ ...row, calleeName: 'Engines', knownCaller: null });
    expect(named(row, known)).toBe(named(row, known));
    expect(named(row, { callerContact: { ...party, name: null, company: null } })).toEqual(row);
    expect(named(row, undefined)).toBe(row);
  });
});
