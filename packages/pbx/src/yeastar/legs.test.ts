import { describe, expect, it } from 'vitest';
import type { Said } from '../port/words.ts';
import { ENDED_CALLS_MAX } from './ended-calls.ts';
import { readMembers } from './read-members.ts';
import { BoardDriver, inShort, last } from './testing/board-driver.ts';
import { callFrame, extension, frameText, inbound, outbound, recordFrame } from './testing/frame-texts.ts';

const call = '1799999000.16';
const frame = (...members: unknown[]): string => callFrame(call, members);
const failed = (reason: string, members: unknown): string =>
  frameText(30015, { call_id: call, reason, members });
const listed = (...members: unknown[]) => ({ call, members: readMembers(members) });

const ring = frame(extension('1001', 'ALERT'), extension('1002', 'RING'));
const answer = frame(extension('1001', 'ANSWERED'), extension('1002', 'ANSWER'));
const bye = frame(extension('1001', 'BYE'), extension('1002', 'BYE'));

describe('an internal call', () => {
  it('rings, is answered, is held and resumed, and ends', () => {
    const driver = new BoardDriver();
    const words = driver.hear(
      ring,
      answer,
      frame(extension('1002', 'HOLD')),
      frame(extension('1002', 'ANSWER')),
      bye,
    );
    expect(inShort(words)).toEqual(['ringing', 'connected', 'held', 'connected', 'ended']);
    expect(words[0]).toEqual({
      kind: 'said',
      type: 'call.ringing',
      payload: {
        call,
        startedAt: 1_800_000_001_000,
        caller: { number: '1001' },
        callee: { number: '1002' },
        route: { direction: 'internal' },
        extensions: ['1001', '1002'],
        at: 1_800_000_001_000,
      },
    });
    expect(last(words)).toEqual({
      kind: 'said',
      type: 'call.ended',
      payload: {
        call,
        startedAt: 1_800_000_001_000,
        answeredAt: 1_800_000_002_000,
        caller: { number: '1001' },
        callee: { number: '1002' },
        route: { direction: 'internal' },
        extensions: ['1001', '1002'],
        at: 1_800_000_005_000,
        endedAt: 1_800_000_005_000,
        cause: 'normal',
      },
    });
  });

  it('[rule 1] adds up frames of a single member', () => {
    const words = new BoardDriver().hear(
      frame(extension('1001', 'ALERT')),
      frame(extension('1002', 'RING')),
      frame(extension('1002', 'ANSWER')),
      frame(extension('1001', 'ANSWERED')),
      frame(extension('1001', 'BYE')),
      frame(extension('1002', 'BYE')),
    );
    expect(inShort(words)).toEqual(['ringing', 'ringing', 'connected', 'connected', 'ended']);
    expect(words[1]?.payload).toMatchObject({ caller: { number: '1001' }, route: { direction: 'internal' } });
    expect(words[3]?.payload).toMatchObject({ extensions: ['1002'] });
  });

  it('says nothing new for a frame that changes nothing', () => {
    const driver = new BoardDriver();
    driver.hear(ring);
    expect(
      driver.hear(ring, frame(extension('1002', 'EARLYMEDIA')), frame(extension('1002', 'SINGING'))),
    ).toEqual([]);
  });

  it('[rule 3] never goes back to ringing', () => {
    const words = new BoardDriver().hear(ring, answer, ring);
    expect(inShort(words)).toEqual(['ringing', 'connected']);
  });
});

describe('[rule 3] who answered', () => {
  it('is a person only: a menu or a queue that picks up leaves the call ringing', () => {
    const driver = new BoardDriver();
    const words = driver.hear(
      frame(inbound('ALERT')),
      frame(inbound('ANSWERED', { call_path: '6500' })),
      frame(inbound('ANSWERED'), extension('1001', 'RING', { call_path: '6500' })),
    );
    expect(inShort(words)).toEqual(['ringing', 'ringing']);
    const answered = driver.hear(
      frame(inbound('ANSWERED'), extension('1001', 'ANSWER', { call_path: '6500' })),
    );
    expect(inShort(answered)).toEqual(['connected']);
    expect(answered[0]?.payload).toMatchObject({
      caller: { number: '15551234' },
      callee: { number: '1001' },
      route: { direction: 'inbound', trunk: 'carrier', did: '5503301' },
    });
  });

  it('a menu alone is calling, not ringing', () => {
    expect(inShort(new BoardDriver().hear(frame(inbound('ANSWERED'))))).toEqual(['calling']);
  });

  it('counts alone where the other side is not monitored', () => {
    expect(
      inShort(new BoardDriver().hear(frame(extension('1002', 'RING')), frame(extension('1002', 'ANSWER')))),
    ).toEqual(['ringing', 'connected']);
  });

  it('does not count alone for a caller, nor while the caller is still told to wait', () => {
    const driver = new BoardDriver();
    expect(inShort(driver.hear(frame(extension('1001', 'ANSWERED'))))).toEqual(['calling']);
    const other = new BoardDriver();
    expect(inShort(other.hear(frame(extension('1001', 'ALERT')), frame(outbound('ANSWER'))))).toEqual([
      'ringing',
      'ringing',
    ]);
    expect(inShort(other.hear(frame(extension('1001', 'ANSWERED'))))).toEqual(['connected']);
  });

  it('does not count for the extension that we asked the PBX to call first', async () => {
    const driver = new BoardDriver();
    const words = await driver.board.dial('1001', () => {
      const said = driver.hear(frame(extension('1001', 'RING')));
      return Promise.resolve({ call, said });
    });
    expect(inShort(words.said)).toEqual(['ringing']);
    expect(
      inShort(driver.hear(frame(extension('1001', 'ANSWER')), frame(extension('1002', 'RING')))),
    ).toEqual(['ringing']);
    const answered = driver.hear(frame(extension('1002', 'ANSWER')));
    expect(answered).toMatchObject([
      { type: 'call.connected', payload: { caller: { number: '1001' }, callee: { number: '1002' } } },
    ]);
  });
});

describe('legs that come and go', () => {
  it('[rule 5] a transfer, a pickup and a ring group lose members and go on', () => {
    const driver = new BoardDriver();
    const words = driver.hear(
      frame(inbound('ALERT'), extension('1001', 'RING'), extension('1002', 'RING')),
      frame(extension('1002', 'BYE'), inbound('ANSWERED'), extension('1001', 'ANSWER')),
      callFrame(call, [inbound('ANSWERED'), extension('1003', 'RING')], 30013),
      frame(extension('1001', 'BYE'), extension('1003', 'ANSWER')),
      frame(inbound('BYE'), extension('1003', 'BYE')),
    );
    expect(
      words.map((word) => [
        inShort([word])[0],
        (word as Extract<Said, { type: 'call.ended' }>).payload.extensions,
      ]),
    ).toEqual([
      ['ringing', ['1001', '1002']],
      ['connected', ['1001']],
      ['connected', ['1001', '1003']],
      ['connected', ['1003']],
      ['ended', ['1001', '1003']],
    ]);
    expect(last(words).payload).toMatchObject({ callee: { number: '1001' }, cause: 'normal' });
  });

  it('a channel that turns up in another call has left the first, which ends without it', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    const consult = '1799999000.17';
    driver.hear(
      callFrame(consult, [
        extension('1002', 'ALERT', { channel_id: 'x' }),
        extension('1003', 'RING', { channel_id: 'y' }),
      ]),
      callFrame(consult, [
        extension('1002', 'ANSWERED', { channel_id: 'x' }),
        extension('1003', 'ANSWER', { channel_id: 'y' }),
      ]),
      callFrame(consult, [extension('1002', 'BYE', { channel_id: 'x' })]),
    );
    const words = driver.hear(callFrame(call, [extension('1003', 'ANSWER', { channel_id: 'y' })], 30013));
    expect(words).toMatchObject([
      { type: 'call.ended', payload: { call: consult, cause: 'normal' } },
      { type: 'call.connected', payload: { call } },
    ]);
    expect(driver.board.size).toMatchObject({ open: 1, channels: 3 });
  });

  it('a third party joins and leaves', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    expect(inShort(driver.hear(frame(extension('1003', 'ANSWER')), frame(extension('1003', 'BYE'))))).toEqual(
      ['connected', 'connected'],
    );
  });

  it('[rule 6] inbound comes before outbound comes before internal', () => {
    const driver = new BoardDriver();
    const words = driver.hear(
      frame(extension('1001', 'ALERT')),
      frame(outbound('EARLYMEDIA')),
      frame(inbound('ALERT')),
    );
    expect(last(words).payload).toMatchObject({
      caller: { number: '15551234' },
      callee: { number: '5503301' },
    });
    expect(words.map(({ payload }) => 'route' in payload && payload.route?.direction)).toEqual([
      undefined,
      'outbound',
      'inbound',
    ]);
  });

  it('speaks of names in either form', () => {
    const [word] = new BoardDriver().hear(frame(inbound('ALERT', { from: '"Ada L." <15551234>' })));
    expect(word?.payload).toMatchObject({ caller: { number: '15551234', name: 'Ada L.' } });
  });
});

describe('the end of a call', () => {
  it('record before the last BYE, record after it, several records: one end, enriched', () => {
    const before = new BoardDriver();
    before.hear(ring, answer);
    expect(inShort(before.hear(recordFrame(call), bye, answer))).toEqual(['ended']);

    const after = new BoardDriver();
    const words = after.hear(
      ring,
      answer,
      bye,
      recordFrame(call, { talk_duration: 12 }),
      recordFrame(call, { talk_duration: 40, recording: 'a.wav' }),
      recordFrame(call, { talk_duration: 3, recording: 'a.wav' }),
    );
    expect(inShort(words)).toEqual(['ringing', 'connected', 'ended', 'ended', 'ended', 'recording.ready']);
    expect(words[4]?.payload).toMatchObject({ endedAt: 1_800_000_003_000, cause: 'normal', talkSeconds: 40 });
    expect(words[5]?.payload).toEqual({
      recording: 'a.wav',
      call,
      at: after.now - 1_000,
      durationSeconds: 40,
    });
  });

  it.each([
    ['NO ANSWER', 'no_answer'],
    ['BUSY', 'busy'],
    ['VOICEMAIL', 'voicemail'],
    ['ABANDONED', 'abandoned'],
  ])('a record that says %j corrects what BYE alone let guess', (status, cause) => {
    const driver = new BoardDriver();
    driver.hear(ring, bye);
    const words = driver.hear(recordFrame(call, { status, talk_duration: 0 }));
    expect(last(words)).toMatchObject({ type: 'call.ended', payload: { cause, endedAt: 1_800_000_002_000 } });
  });

  it('a caller who is seen to leave while it rings has given up, also where the record says "no answer"', () => {
    const driver = new BoardDriver();
    driver.hear(ring, frame(extension('1001', 'BYE'), extension('1002', 'RING')));
    const words = driver.hear(frame(extension('1002', 'BYE')), recordFrame(call, { status: 'NO ANSWER' }));
    expect(words[0]?.payload).toMatchObject({ cause: 'abandoned', extensions: ['1002'] });
    expect(last(words).payload).toMatchObject({ cause: 'abandoned' });
  });

  it('a caller who leaves a menu has given up', () => {
    const words = new BoardDriver().hear(frame(inbound('ANSWERED')), frame(inbound('BYE')));
    expect(last(words).payload).toMatchObject({ cause: 'abandoned' });
  });

  it('a failure without members ends the call, also one of which nothing was heard', () => {
    const driver = new BoardDriver();
    expect(driver.hear(failed('NO Dial Permission', null))).toMatchObject([
      { type: 'call.ended', payload: { call, cause: 'not_allowed' } },
    ]);
    expect(driver.hear(failed('NO Dial Permission', null), bye)).toEqual([]);
  });

  it('a failure with living members is kept as the cause of the coming end', () => {
    const driver = new BoardDriver();
    driver.hear(ring);
    expect(inShort(driver.hear(failed('603 Declined', [extension('1002', 'BYE')])))).toEqual(['ringing']);
    expect(last(driver.hear(frame(extension('1001', 'BYE')))).payload).toMatchObject({ cause: 'rejected' });
    expect(
      driver.hear(recordFrame(call, { status: 'BUSY', talk_duration: 0 })).at(-1)?.payload,
    ).toMatchObject({
      cause: 'rejected',
    });
  });

  it('a failure told after the end tells better why it came, but not of a call that was answered', () => {
    const driver = new BoardDriver();
    driver.hear(ring, bye, recordFrame(call, { status: 'FAILED', talk_duration: 0 }));
    const late = failed('603 Declined', [extension('1001', 'BYE'), extension('1002', 'BYE')]);
    expect(driver.hear(late, late)).toMatchObject([{ type: 'call.ended', payload: { cause: 'rejected' } }]);
    const answered = new BoardDriver();
    answered.hear(ring, answer, bye);
    expect(answered.hear(late)).toEqual([]);
  });

  it('a record of a call never heard of tells all that it knows', () => {
    const driver = new BoardDriver();
    driver.adopt({ extensions: [{ number: '1002', name: 'Bo', devices: new Map(), presence: '' }] });
    const words = driver.hear(
      recordFrame(call, {
        call_from: 'Ada<15551234>',
        type: 'Inbound',
        src_trunk_name: 'carrier',
        did_number: '55',
      }),
    );
    expect(words).toEqual([
      {
        kind: 'said',
        type: 'call.ended',
        payload: {
          call,
          startedAt: 1_799_999_000_000,
          answeredAt: driver.now - 12_000,
          caller: { number: '15551234', name: 'Ada' },
          callee: { number: '1002', name: 'Bo' },
          route: { direction: 'inbound', trunk: 'carrier', did: '55' },
          extensions: ['1002'],
          at: driver.now,
          endedAt: driver.now,
          cause: 'normal',
          talkSeconds: 12,
        },
      },
    ]);
  });

  it('a BYE of a call never heard of says nothing: others may be on it', () => {
    const driver = new BoardDriver();
    expect(driver.hear(frame(extension('1002', 'BYE')))).toEqual([]);
    expect(inShort(driver.hear(recordFrame(call)))).toEqual(['ended']);
  });

  it('all known members had gone, and another one shows that the call goes on', () => {
    const driver = new BoardDriver();
    driver.hear(frame(extension('1001', 'RING')));
    expect(inShort(driver.hear(frame(extension('1001', 'BYE')), frame(extension('1002', 'RING'))))).toEqual([
      'ended',
      'ringing',
    ]);
  });

  it('an outside party that is told of with its BYE only is who called', () => {
    const driver = new BoardDriver();
    driver.hear(frame(extension('1001', 'RING')));
    const words = driver.hear(frame(extension('1001', 'BYE')), frame(inbound('BYE')));
    expect(inShort(words)).toEqual(['ended', 'ended']);
    expect(last(words).payload).toMatchObject({
      caller: { number: '15551234' },
      callee: { number: '5503301' },
      route: { direction: 'inbound' },
    });
  });

  it('a late frame of a member that had gone brings nothing back', () => {
    const driver = new BoardDriver();
    driver.hear(ring, bye);
    expect(driver.hear(ring, answer)).toEqual([]);
  });
});

describe('calls that were under way before the link was', () => {
  it('are held back, and told as the list shows them', () => {
    const driver = new BoardDriver({ settled: false });
    expect(driver.hear(frame(extension('1003', 'RING')))).toEqual([]);
    const snapshot = driver.adopt({
      calls: [listed(extension('1001', 'ANSWERED'), extension('1002', 'ANSWER'), extension('1003', 'RING'))],
    });
    expect(snapshot.calls).toEqual([
      {
        call,
        status: 'connected',
        startedAt: 1_799_999_000_000,
        caller: { number: '1001' },
        callee: { number: '1002' },
        route: { direction: 'internal' },
        extensions: ['1003', '1001', '1002'],
      },
    ]);
    expect(driver.take()).toEqual([]);
    expect(inShort(driver.hear(frame(extension('1003', 'BYE'))))).toEqual(['connected']);
    expect(inShort(driver.hear(bye))).toEqual(['ended']);
  });

  it('do not end because the members that were heard of hang up', () => {
    const driver = new BoardDriver({ settled: false });
    expect(driver.hear(ring, bye)).toEqual([]);
    expect(inShort(driver.hear(recordFrame(call)))).toEqual(['ended']);
  });

  it('are told as far as they are known when the list could not be had, and are still no certain end', () => {
    const driver = new BoardDriver({ settled: false });
    driver.hear(ring);
    driver.board.settle(driver.now);
    expect(inShort(driver.take())).toEqual(['ringing']);
    expect(driver.hear(bye)).toEqual([]);
    driver.adopt({});
    expect(driver.board.size.open).toBe(0);
    expect(driver.take()).toEqual([]);
  });

  it('a call that began while the list was read is whole', () => {
    const driver = new BoardDriver({ settled: false });
    const snapshot = driver.adopt({}, ring);
    expect(snapshot.calls).toHaveLength(1);
    expect(inShort(driver.take())).toEqual(['ringing']);
    expect(inShort(driver.hear(bye))).toEqual(['ended']);
  });

  it('one that began and ended while the list was read has ended', () => {
    const driver = new BoardDriver({ settled: false });
    expect(driver.adopt({}, ring, bye).calls).toEqual([]);
    expect(inShort(driver.take())).toEqual(['ended']);
  });
});

describe('a later list', () => {
  it('forgets what it leaves out, keeps what was heard since it was asked for', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    const other = '1799999000.20';
    const snapshot = driver.adopt(
      {},
      callFrame(other, [
        extension('1005', 'ALERT', { channel_id: 'a' }),
        extension('1006', 'RING', { channel_id: 'b' }),
      ]),
    );
    expect(snapshot.calls.map(({ call }) => call)).toEqual([other]);
    expect(driver.board.size).toMatchObject({ open: 1, channels: 2 });
  });

  it.each([
    ['members', [bye], ['ended'], 'no_answer'],
    ['record', [recordFrame(call, { status: 'BUSY', talk_duration: 0 })], ['ended'], 'busy'],
    ['answer, members and record', [answer, bye, recordFrame(call)], ['ended', 'ended'], 'normal'],
  ])(
    'is quicker than the frames at times: then a call ends whole with its %s',
    (_by, frames, words, cause) => {
      const driver = new BoardDriver();
      driver.hear(ring);
      expect(driver.adopt({}).calls).toEqual([]);
      expect(driver.take()).toEqual([]);
      const told = driver.hear(...frames);
      expect(inShort(told)).toEqual(words);
      expect(last(told)?.payload).toMatchObject({
        startedAt: 1_800_000_001_000,
        caller: { number: '1001' },
        extensions: cause === 'normal' ? ['1001', '1002'] : ['1002'],
        cause,
      });
      expect(driver.hear(answer, bye)).toEqual([]);
      expect(driver.board.size).toMatchObject({ open: 0, channels: 0 });
    },
  );

  it('brings back a call that an earlier one had left out, as it was begun', () => {
    const driver = new BoardDriver();
    driver.hear(ring);
    driver.adopt({});
    const both = listed(extension('1001', 'ALERT'), extension('1002', 'RING'));
    expect(driver.adopt({ calls: [both] }).calls).toMatchObject([
      { status: 'ringing', startedAt: 1_800_000_001_000 },
    ]);
    expect(inShort(driver.hear(answer, bye))).toEqual(['connected', 'ended']);
  });

  it('drops legs that have gone unheard, and takes over new ones', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    const snapshot = driver.adopt({
      calls: [listed(extension('1001', 'HOLD'), extension('1004', 'ANSWER'))],
    });
    expect(snapshot.calls).toMatchObject([{ status: 'held', extensions: ['1001', '1004'] }]);
    expect(driver.take()).toEqual([]);
  });

  it('does not bring back what ended while it was read, and does bring back what had ended before', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    const lists = { calls: [listed(extension('1001', 'ANSWERED'), extension('1002', 'ANSWER'))] };
    expect(driver.adopt(lists, bye).calls).toEqual([]);
    driver.take();
    expect(driver.adopt(lists).calls).toMatchObject([{ status: 'connected', answeredAt: 1_800_000_002_000 }]);
    expect(inShort(driver.hear(bye))).toEqual(['ended']);
  });

  it('leaves out a call all of whose members have gone', () => {
    expect(new BoardDriver().adopt({ calls: [listed(extension('1001', 'BYE'))] }).calls).toEqual([]);
  });
});

describe('records found afterwards', () => {
  it('enrich ended calls, tell of unknown ones with their own times, and leave open ones alone', () => {
    const driver = new BoardDriver();
    driver.hear(ring, answer);
    const record = {
      from: '1001',
      to: '1002',
      type: 'internal',
      disposition: 'ANSWERED',
      talkSeconds: 5,
      trunk: '',
      did: '',
      recording: 'r.wav',
    };
    const words = driver.board.learnFromRecords(
      [
        { record: { ...record, call }, endedAt: 1 },
        { record: { ...record, call: '1799999000.99' }, endedAt: 1_799_999_900_000 },
        { record: { ...record, call: '1799998000.7', recording: 'old.wav' }, endedAt: 1_799_998_900_000 },
      ],
      1_799_999_000_000,
      driver.now,
    );
    expect(words).toMatchObject([
      { type: 'call.ended', payload: { call: '1799999000.99', endedAt: 1_799_999_900_000, talkSeconds: 5 } },
      { type: 'recording.ready', payload: { recording: 'r.wav', call: '1799999000.99' } },
      { type: 'recording.ready', payload: { recording: 'old.wav', call: '1799998000.7' } },
    ]);
    expect(driver.take()).toEqual([]);
  });
});

describe('bounds', () => {
  it('calls that never end are forgotten beyond a number, and with age', () => {
    const driver = new BoardDriver({ callsMax: 50 });
    for (let index = 0; index < 500; index++)
      driver.hear(callFrame(`1.${index}`, [extension('1001', 'ALERT', { channel_id: `c${index}` })]));
    expect(driver.board.size).toMatchObject({ open: 50, channels: 50 });
    driver.now += 25 * 3_600_000;
    for (let index = 500; index < 520; index++)
      driver.hear(callFrame(`1.${index}`, [extension('1001', 'ALERT', { channel_id: `c${index}` })]));
    expect(driver.board.size).toMatchObject({ open: 20, channels: 20 });
  });

  it('ended calls are remembered in bounded number, and legs of a call too', () => {
    const driver = new BoardDriver();
    for (let index = 0; index < ENDED_CALLS_MAX + 500; index++)
      driver.board.hear(
        { kind: 'failure', call: `1.${index}`, reason: 'User Busy', members: null },
        driver.now,
      );
    expect(driver.board.size).toMatchObject({ open: 0, ended: ENDED_CALLS_MAX });
    for (let index = 0; index < 200; index++)
      driver.hear(frame(extension('1001', 'RING', { channel_id: `c${index}` })));
    expect(driver.board.size.channels).toBe(64);
  });
});
