import { describe, expect, it } from 'vitest';
import { gather } from '../news/gather.ts';
import { keyOfClosing, type StatementKey } from '../statement-key.ts';
import { closeStuckCall } from '../stuck-call/stuck-call.ts';
import type { Instant } from '../instant.ts';
import { pbxIds, read, stateOf } from '../testing/index.ts';
import { versionOf } from '../version.ts';
import { mergeCall } from './merge-call.ts';
import { showCall } from './show-call.ts';

const start = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number) => start + seconds * 1000;

/** One PBX's words in the order of their arrival: [epoch, seq], type, payload. */
type Word = [[number, number], string, Record<string, unknown>];

function state(...words: Word[]) {
  const events = words.map(([[epoch, seq], type, payload]) =>
    read({ source: pbxIds[0], epoch, seq, type, payload }),
  );
  return stateOf(gather(events))[0];
}
const call = (...words: Word[]) => state(...words)?.calls[0];
const shown = (...words: Word[]) => call(...words)?.shown;

const ringing: Word = [[1, 1], 'call.ringing', { call: 'c', at: at(0) }];
const connected: Word = [[1, 2], 'call.connected', { call: 'c', at: at(5) }];
const ended: Word = [[1, 3], 'call.ended', { call: 'c', at: at(65), cause: 'normal' }];

describe('the last word', () => {
  it('[CALL5] a hang-up heard before the answer still ends the call', () => {
    expect(shown(ringing, ended, connected)).toEqual({
      status: 'ended',
      endedAt: at(65),
      cause: 'normal',
      talkSeconds: 60,
    });
  });

  it('[CALL5] the word of a connector that lost its lease loses by its epoch, however high it has counted', () => {
    const zombie: Word = [[1, 900], 'call.held', { call: 'c', at: at(70) }];
    const current: Word = [[2, 1], 'call.connected', { call: 'c', at: at(71) }];
    expect(shown(ringing, current, zombie)?.status).toBe('connected');
  });
});

describe('facts fill in', () => {
  it('[CALL3] the earliest answer counts, and an exact one before an approximate one of the same moment', () => {
    const held: Word = [[1, 4], 'call.held', { call: 'c', at: at(5) }];
    expect(call(held)?.answered).toEqual({ at: at(5), approximate: true });
    expect(call(held, connected)?.answered).toEqual({ at: at(5), approximate: false });
    const earlier: Word = [[1, 5], 'call.held', { call: 'c', at: at(9), answeredAt: at(3) }];
    expect(call(held, connected, earlier)?.answered).toEqual({ at: at(3), approximate: false });
  });

  it('[FACT1] who takes part is told by the lowest version that tells it', () => {
    const late: Word = [[1, 1], 'call.calling', { call: 'c', at: at(0), caller: { number: '1001' } }];
    const early: Word = [
      [1, 9],
      'call.connected',
      { call: 'c', at: at(9), caller: { number: '2002' }, callee: { number: '7' } },
    ];
    const known = call(early, late);
    expect(known?.caller?.fact).toEqual({ number: '1001' });
    expect(known?.callee?.fact).toEqual({ number: '7' });
  });

  it('[CALL4] [CALL7] counted talk time comes before the clock, the longest count before the others', () => {
    const record = (seq: number, talkSeconds: number): Word => [
      [1, seq],
      'call.ended',
      { call: 'c', at: at(66), endedAt: at(65), cause: 'normal', talkSeconds },
    ];
    expect(shown(ringing, connected, ended)?.talkSeconds).toBe(60);
    expect(shown(ringing, connected, ended, record(4, 58), record(5, 12))?.talkSeconds).toBe(58);
    expect(shown(ringing, ended)?.talkSeconds).toBe(0);
  });

  it('[CALL8] a call began when the PBX says so, else when it was first heard of', () => {
    expect(call(connected, ringing)?.startedAt).toBe(at(0));
    const told: Word = [[1, 2], 'call.connected', { call: 'c', at: at(5), startedAt: at(-30) }];
    expect(call(told, ringing)?.startedAt).toBe(at(-30));
  });
});

describe('floors', () => {
  const lost = (epoch: number, seq: number, second: number): Word => [
    [epoch, seq],
    'link.disconnected',
    { at: at(second), reason: 'socket closed' },
  ];

  it('[FLOOR2] a lost link ends what was open', () => {
    expect(shown(ringing, connected, lost(1, 3, 35))).toEqual({
      status: 'ended',
      endedAt: at(35),
      cause: 'pbx_disconnected',
      talkSeconds: 30,
    });
  });

  it('[FLOOR1] a word that arrives after the floor above it does not resurrect the call', () => {
    expect(shown(lost(1, 3, 35), connected)?.status).toBe('ended');
  });

  it('[FLOOR1] the lowest floor above the word counts, also when it is heard of last', () => {
    const words = [ringing, lost(2, 1, 90), lost(1, 5, 40)];
    expect(shown(...words)?.endedAt).toBe(at(40));
  });

  it('[CALL6] a call that the PBX speaks of again is open again', () => {
    expect(
      shown(connected, lost(1, 3, 35), [[2, 1], 'call.connected', { call: 'c', at: at(60) }])?.status,
    ).toBe('connected');
  });

  it('[CALL6] a call that had ended stays ended as the PBX said', () => {
    expect(shown(connected, ended, lost(1, 4, 99))?.cause).toBe('normal');
  });
});

describe('snapshots', () => {
  const snapshot = (seq: number, asOfSeq: number, calls: unknown[]): Word => [
    [1, seq],
    'link.snapshot',
    { at: at(100), asOf: { epoch: 1, seq: asOfSeq }, calls },
  ];

  it('[SNAP1] a listed call is open again after a disconnect', () => {
    const lost: Word = [[1, 3], 'link.disconnected', { at: at(35) }];
    const listed = snapshot(5, 4, [{ call: 'c', status: 'connected' }]);
    expect(shown(connected, lost, listed)).toMatchObject({ status: 'connected', endedAt: undefined });
  });

  it('[SNAP1] what was said after the state it shows is left alone', () => {
    expect(
      shown(ringing, connected, ended, snapshot(4, 2, [{ call: 'c', status: 'connected' }]))?.status,
    ).toBe('ended');
  });

  it('[SNAP2] a call first seen talking was answered by then, approximately', () => {
    expect(call(snapshot(4, 3, [{ call: 'c', status: 'held' }]))?.answered).toEqual({
      at: at(100),
      approximate: true,
    });
    expect(call(snapshot(4, 3, [{ call: 'c', status: 'ringing' }]))?.answered).toBeUndefined();
  });

  it('[SNAP3] an unlisted call is closed, one that is newer than the list is not', () => {
    expect(shown(ringing, snapshot(4, 3, []))).toMatchObject({ status: 'ended', cause: 'reconciled' });
    expect(shown([[1, 3], 'call.ringing', { call: 'c', at: at(1) }], snapshot(4, 2, []))?.status).toBe(
      'ringing',
    );
  });

  it('[SNAP4] no snapshot speaks of the time after itself', () => {
    const boastful = snapshot(4, 4_000_000, []);
    expect(shown([[1, 5], 'call.ringing', { call: 'c', at: at(1) }], boastful)?.status).toBe('ringing');
  });
});

describe('closings of our own', () => {
  it('[KEY4] [STUCK4] end what was observed, keep the answer, and lose to the next word', () => {
    const events = [connected].map(([[epoch, seq], type, payload]) =>
      read({ source: pbxIds[0], epoch, seq, type, payload }),
    );
    const observed = [...(gather(events).values().next().value?.calls.values() ?? [])][0];
    if (observed === undefined) throw new Error('the call was not gathered');
    const closed = mergeCall(observed, closeStuckCall(observed, at(3605) as Instant));
    expect(showCall(closed, [])).toEqual({
      status: 'ended',
      endedAt: at(3605),
      cause: 'timeout_cleanup',
      talkSeconds: 3600,
    });
    const version = versionOf(1, 2);
    const key: StatementKey = { asOf: version, said: version, rank: 0 };
    expect(closed.lastWord.key).toEqual(keyOfClosing(key));
  });
});
