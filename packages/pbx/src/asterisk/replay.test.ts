import { describe, expect, it } from 'vitest';
import { readCapture, readTruth, scenarios, type TrueCall } from './testing/captures.ts';
import {
  callWords,
  endedWords,
  phoneStatuses,
  replay,
  statusesOf,
  type EndedWord,
  type Transport,
} from './testing/replay.ts';

const transports = ['ari', 'ami'] as const;
/** Times of the truth come from the telephones, which are up to 50 ms off; events need a moment, too. */
const TOLERANCE_MS = 150;

/** Replays that end before the calls do, or that don't see them whole; each has a test of its own below. */
const partial: ReadonlySet<string> = new Set(['g1', 'i1', 'n1']);
const whole = scenarios.filter((scenario) => !partial.has(scenario.slice(0, 2)));

/** Why each call of the truth ended, in our vocabulary, in the order dialled; null for a call that made no event. */
const causes: Readonly<Record<string, readonly (string | null)[]>> = {
  a1: ['normal'],
  a2: ['normal'],
  a3: ['normal'],
  b1: ['no_answer'],
  b2: ['abandoned'],
  c1: ['busy', 'congestion', null],
  c2: ['rejected', 'bad_number', 'congestion'],
  d1: ['normal'],
  e1: ['normal'],
  e2: ['normal'],
  f1: ['normal'],
  f3: ['normal'],
  f4: ['normal', 'abandoned'],
  f6: ['normal'],
  h1: ['normal'],
  h2: ['normal', null],
  j1: ['normal', 'abandoned'],
  k1: ['normal', 'busy', 'no_answer', 'normal'],
  m1: [],
  o1: ['normal', 'normal', 'busy', 'normal', 'no_answer', 'normal', 'rejected', 'normal'],
};

describe.each(transports)('replayed over %s', (transport) => {
  it.each(whole)('%s gives exactly the calls that there were', (scenario) => {
    const truth = readTruth(scenario);
    const { words, strange, state } = replay(readCapture(scenario), transport);
    const expected = causes[scenario.slice(0, 2)] ?? [];
    const seen = truth.calls.filter((_, index) => expected[index] !== null);

    expect(strange.filter(({ kind }) => kind !== 'shutdown')).toEqual([]);
    expect(truth.calls).toHaveLength(expected.length);
    const ended = inOrder(endedWords(words), truth.linkedidsInOrder);
    expect(ended.map(({ payload }) => payload.call)).toEqual(truth.linkedidsInOrder);
    expect(ended.map(({ payload }) => payload.cause)).toEqual(expected.filter((cause) => cause !== null));
    for (const [index, call] of seen.entries()) {
      const word = ended[index];
      if (word === undefined) throw new Error('the call did not end');
      expectTold(call, word);
    }
    expect(new Set(callWords(words).map(({ payload }) => payload.call)).size).toBe(ended.length);
    expect(state.calls.sizes).toMatchObject({ legs: 0, calls: 0, linkedids: 0, bridges: 0, halves: 0 });
  });
});

const inOrder = (words: readonly EndedWord[], keys: readonly string[]): EndedWord[] =>
  [...words].sort((one, other) => keys.indexOf(one.payload.call) - keys.indexOf(other.payload.call));

function expectTold(call: TrueCall, { payload }: EndedWord): void {
  if (/^\+?\d+$/.test(call.caller)) expect(payload.caller?.number).toBe(call.caller);
  const answeredAt = call.queueAnsweredAt ?? call.answeredAt;
  if (answeredAt !== undefined) {
    expect(Math.abs((payload.answeredAt ?? 0) - Date.parse(answeredAt))).toBeLessThan(TOLERANCE_MS);
    expect(payload.callee?.number).toBe(
      /^\d{4}$/.test(call.answeredBy ?? '') ? call.answeredBy : call.dialled,
    );
  } else if (call.outcome !== 'answered') {
    expect(payload.answeredAt).toBeUndefined();
    expect(payload.callee?.number).toBe(dialledOf(call));
    expect(payload.extensions).toEqual(call.rang ?? []);
  }
  if (call.direction === 'inbound')
    expect(payload.route).toEqual({ direction: 'inbound', trunk: 'pstn', did: call.dialled });
  if (call.direction === 'outbound') expect(payload.route).toEqual({ direction: 'outbound', trunk: 'pstn' });
  if (call.direction === undefined && call.caller.length === 4 && call.dialled.length === 4)
    expect(payload.route).toEqual({ direction: 'internal' });
  expect(Math.abs((payload.startedAt ?? 0) - Date.parse(call.dialledAt))).toBeLessThan(TOLERANCE_MS);
  // The truth of e1 has the transferred call end when the telephone was told to; its hang-up took longer.
  if (call.endedAt !== undefined)
    expect(payload.endedAt).toBeGreaterThan(Date.parse(call.endedAt) - TOLERANCE_MS);
  if (call.endedAt !== undefined) expect(payload.endedAt).toBeLessThan(Date.parse(call.endedAt) + 300);
}

/** Local channels are dialled as `Local/2001@load/n`. */
const dialledOf = ({ dialled }: TrueCall): string => /^Local\/(\d+)@/.exec(dialled)?.[1] ?? dialled;

describe.each(transports)('the course of calls over %s', (transport) => {
  const play = (scenario: string) => {
    const { words } = replay(readCapture(scenario), transport);
    const keys = readTruth(scenario).linkedidsInOrder;
    return { words, keys, courses: keys.map((key) => statusesOf(words, key)) };
  };

  it.each([
    ['a1', [['calling', 'ringing', 'connected', 'ended']]],
    ['b2', [['calling', 'ringing', 'ended']]],
    [
      'c2',
      [
        ['calling', 'ended'],
        ['calling', 'ended'],
        ['calling', 'ended'],
      ],
    ],
    ['d1', [['calling', 'ringing', 'connected', 'held', 'connected', 'held', 'connected', 'ended']]],
    ['e1', [['calling', 'ringing', 'connected', 'ended']]],
    ['e2', [['calling', 'ringing', 'connected', 'held', 'connected', 'ended']]],
    ['f1', [['calling', 'ringing', 'connected', 'ended']]],
    ['f6', [['calling', 'ringing', 'connected', 'ended']]],
    [
      'j1',
      [
        ['calling', 'ringing', 'connected', 'held', 'connected', 'ended'],
        ['calling', 'ringing', 'ended'],
      ],
    ],
  ])('%s goes through %j', (scenario, courses) => {
    expect(play(scenario).courses).toEqual(courses);
  });

  it('holds last as long as the telephones held', () => {
    const { words, keys } = play('d1');
    const holds = readTruth('d1').calls[0]?.holds ?? [];
    const told = callWords(words, keys[0]).filter(({ type }) => type === 'call.held');
    expect(told.map(({ payload }) => payload.at)).toEqual(holds.map(({ from }) => near(from)));
  });

  it('a blind transfer stays one call, and tells who is on it', () => {
    const { words, keys } = play('e1');
    const last = callWords(words, keys[0]).at(-1);
    expect(last?.payload.extensions).toEqual(['1002', '1003']);
    expect(callWords(words, keys[0]).map(({ payload }) => payload.extensions?.join())).toContain('1003');
  });

  it('an attended transfer through Local channels stays one call', () => {
    const { words, keys } = play('e2');
    const extensions = callWords(words, keys[0]).map(({ payload }) => payload.extensions?.join());
    expect(extensions).toEqual(['', '1002', '1002', '1002', '1002,1003', '1003', '1002,1003']);
  });

  it('a queue rings several, and who lost is gone when one answered', () => {
    const { words, keys } = play('f1');
    const told = callWords(words, keys[0]);
    expect(told.map(({ payload }) => payload.extensions?.join())).toEqual(
      expect.arrayContaining(['1003,1004', '1004']),
    );
    expect(told.at(-1)?.payload.extensions).toEqual(['1004']);
  });

  it('a call through Local channels to two telephones has these two as parties', () => {
    const { words, keys } = play('k1');
    const ended = callWords(words, keys[3]).at(-1);
    expect(ended?.payload).toMatchObject({
      caller: { number: '1002' },
      callee: { number: '1003' },
      extensions: ['1002', '1003'],
    });
  });

  it('names in UTF-8 arrive whole', () => {
    const { words, keys } = play('a1');
    expect(callWords(words, keys[0])[0]?.payload.caller).toEqual({
      number: '1001',
      name: 'Zoë van den Berg',
    });
  });

  it('telephones register, leave and expire', () => {
    expect(phoneStatuses(play('m1').words, '1006')).toEqual(['online', 'offline', 'online', 'offline']);
  });

  it('telephones ring, talk and are free again', () => {
    expect(phoneStatuses(play('a1').words, '1002')).toEqual(['ringing', 'incall', 'online']);
    expect(phoneStatuses(play('a1').words, '1001')).toEqual(['incall', 'online']);
  });

  it('a telephone that is told to ring elsewhere stays the same call with another number of calls', () => {
    const { words, keys } = play('f4');
    expect(callWords(words, keys[0]).every(({ payload }) => payload.caller?.number === '1001')).toBe(true);
    expect(callWords(words, keys[1]).at(-1)?.payload).toMatchObject({
      cause: 'abandoned',
      extensions: ['1002'],
    });
  });
});

const near = (time: string): unknown => ({
  asymmetricMatch: (value: number) => Math.abs(value - Date.parse(time)) < TOLERANCE_MS,
});

describe.each(transports)('restarts over %s', (transport) => {
  it('a killed PBX ends no call by itself: its calls stay as they were when the connection broke', () => {
    const { words, state } = replay(readCapture('g1'), transport);
    const [first, second] = readTruth('g1').linkedidsInOrder;
    expect(endedWords(words)).toEqual([]);
    for (const key of [first, second])
      expect(statusesOf(words, key ?? '')).toEqual(['calling', 'ringing', 'connected']);
    expect(state.calls.sizes.calls).toBe(2);
  });

  it('after the start names begin again, and only the new call is told', () => {
    const { words } = replay(readCapture('g1'), transport, { client: 'after' });
    const third = readTruth('g1').linkedidsInOrder[2] ?? '';
    expect(new Set(callWords(words).map(({ payload }) => payload.call))).toEqual(new Set([third]));
    expect(statusesOf(words, third)).toEqual(['calling', 'ringing', 'connected', 'ended']);
    expect(endedWords(words)[0]?.payload).toMatchObject({ cause: 'normal', extensions: ['1002', '1001'] });
  });

  it.each(['h1', 'h2'])('%s: an orderly restart ends the calls first', (scenario) => {
    const { strange } = replay(readCapture(scenario), transport);
    expect(strange.map(({ kind }) => kind)).toEqual(transport === 'ami' ? ['shutdown'] : []);
    expect(replay(readCapture(scenario), transport, { client: 'after' }).words).toEqual([]);
  });
});

describe('one application, two clients (ARI)', () => {
  it('the first is told that it was replaced, and hears nothing afterwards', () => {
    const { words, strange } = replay(readCapture('i1'), 'ari', { client: 'first' });
    expect(strange.map(({ kind }) => kind)).toEqual(['replaced']);
    const [key] = readTruth('i1').linkedidsInOrder;
    expect(statusesOf(words, key ?? '')).toEqual(['calling', 'ringing', 'connected']);
  });

  it('the second sees the end of a call that it never saw begin, and tells nothing before its first snapshot', () => {
    expect(callWords(replay(readCapture('i1'), 'ari', { client: 'second', settled: false }).words)).toEqual(
      [],
    );
  });

  it('AMI knows no such thing and sees both calls whole', () => {
    const { words } = replay(readCapture('i1'), 'ami');
    const keys = readTruth('i1').linkedidsInOrder;
    expect(endedWords(words).map(({ payload }) => [payload.call, payload.cause])).toEqual([
      [keys[0], 'normal'],
      [keys[1], 'abandoned'],
    ]);
  });
});

describe('fewer rights', () => {
  it('an AMI user who may read calls only sees the call whole', () => {
    const { words } = replay(readCapture('n1'), 'ami', { client: 'ro' });
    expect(endedWords(words).map(({ payload }) => payload)).toMatchObject([
      {
        caller: { number: '1001' },
        callee: { number: '1002' },
        cause: 'normal',
        extensions: ['1002', '1001'],
      },
    ]);
  });

  it('an ARI application that is subscribed to one telephone sees one leg: nobody called it, and nobody answered', () => {
    // The truth has 1001 calling 1002. No frame of this client tells of 1001's channel, of the dialling or of the
    // bridge, so its adapter can't know; that is why subscriptions are verified when connecting.
    const { words } = replay(readCapture('n1'), 'ari', { client: 'partial' });
    expect(callWords(words).some(({ type }) => type === 'call.connected')).toBe(false);
    expect(endedWords(words)).toHaveLength(1);
  });
});

describe('both interfaces tell the same', () => {
  it.each(whole)('%s', (scenario) => {
    const told = (transport: Transport) =>
      inOrder(
        endedWords(replay(readCapture(scenario), transport).words),
        readTruth(scenario).linkedidsInOrder,
      ).map(({ payload: { at: _at, endedAt: _endedAt, startedAt: _startedAt, answeredAt, ...rest } }) => ({
        ...rest,
        answered: answeredAt !== undefined,
      }));
    expect(told('ari')).toEqual(told('ami'));
  });
});
