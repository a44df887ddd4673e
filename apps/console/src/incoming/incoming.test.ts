import type { CallRow } from '@trunkline/realtime-client';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterIncoming,
  elsewhereMs,
  freshMs,
  keyOfCall,
  lostMs,
  nextChangeAt,
  nothingIncoming,
  soundMs,
  wantsSound,
  type Incoming,
  type IncomingEvent,
} from './incoming.ts';
import { readPhones } from './read-phones.ts';
import { rungPhoneOf, type Watched } from './rung-phone.ts';

const start = Date.parse('2026-11-19T14:00:00Z');
const mine: Watched = { mine: ['1042'], followsAll: false, ringsForAll: false };
const row = (call: string, status: CallRow['status'], more: Partial<CallRow> = {}): CallRow => ({
  pbx: 'p1',
  call,
  status,
  startedAt: new Date(start).toISOString(),
  answeredAt: null,
  answeredApproximate: false,
  endedAt: null,
  cause: null,
  talkSeconds: null,
  direction: 'inbound',
  trunk: null,
  did: null,
  callerNumber: '+351912345678',
  callerName: null,
  calleeNumber: '1042',
  calleeName: null,
  extensions: ['1042'],
  revision: 1,
  ...more,
});
const said = (calls: readonly CallRow[], isLive = true, isAll = false): IncomingEvent => ({
  type: 'calls',
  calls,
  isLive,
  isAll,
});

/** What is there after these events, each a second after the other. */
function after(...events: IncomingEvent[]): Incoming {
  return events.reduce(
    (state, event, second) => afterIncoming(state, event, { at: start + second * 1_000, watched: mine }),
    nothingIncoming,
  );
}
const shown = ({ rings }: Incoming) => [...rings.values()].map(({ key, phase }) => `${key} ${phase}`);
const lost: IncomingEvent = { type: 'link', pbx: 'p1', isOpen: false, calls: [] };
const back = (calls: readonly CallRow[]): IncomingEvent => ({ type: 'link', pbx: 'p1', isOpen: true, calls });

describe('a call that rings my phone', () => {
  it('opens one dialog, whatever number of times that is said', () => {
    const state = after(said([row('a', 'ringing')]), said([row('a', 'ringing', { revision: 2 })]));
    expect([shown(state), wantsSound(state, start)]).toEqual([['p1/a ringing'], true]);
  });

  it.each<[string, IncomingEvent]>([
    ['it is answered', said([row('a', 'connected')])],
    ['it is put on hold', said([row('a', 'held')])],
    ['it ends', said([row('a', 'ended')])],
    ['it rings elsewhere', said([row('a', 'ringing', { extensions: ['1099'] })])],
    ['the link to its PBX is lost', lost],
    ['it is not among all that there are', said([row('b', 'connected')], false, true)],
    ['somebody closes it', { type: 'dismissed', key: 'p1/a' }],
  ])('has no dialog and no sound as soon as %s', (_when, event) => {
    const state = after(said([row('a', 'ringing')]), event);
    expect([shown(state), wantsSound(state, start + 1_000)]).toEqual([[], false]);
  });

  it('that another takes says who, for two seconds, without a sound', () => {
    const state = after(said([row('a', 'ringing')]), said([row('a', 'connected', { extensions: ['1043'] })]));
    const at = start + 1_000;
    expect([...state.rings.values()]).toMatchObject([{ phase: 'elsewhere', by: '1043' }]);
    expect([wantsSound(state, at), nextChangeAt(state, at)]).toEqual([false, at + elsewhereMs]);
    const later = { at: at + elsewhereMs, watched: mine };
    expect(shown(afterIncoming(state, { type: 'time' }, later))).toEqual([]);
  });

  it('may have ended when the connection is lost: it says so for five seconds, silently', () => {
    const state = after(said([row('a', 'ringing')]), { type: 'connection-lost' });
    expect([shown(state), wantsSound(state, start + 1_000)]).toEqual([['p1/a lost'], false]);
    expect(nextChangeAt(state, start + 1_000)).toBe(start + 1_000 + lostMs);
    const heldBack = afterIncoming(state, said([row('b', 'ringing')]), { at: start, watched: mine });
    expect(shown(heldBack)).toEqual(['p1/a lost']);
  });

  it('is shown again when the connection is back, and heard only if it began a moment ago', () => {
    const calls = [row('a', 'ringing')];
    const soon = after(said(calls), { type: 'connection-lost' }, { type: 'connection-back', calls });
    expect([shown(soon), wantsSound(soon, start + 2_000)]).toEqual([['p1/a ringing'], true]);
    const away = after(said(calls), { type: 'connection-lost' });
    const at = start + freshMs + 1;
    const gone = afterIncoming(away, { type: 'time' }, { at, watched: mine });
    const late = afterIncoming(gone, { type: 'connection-back', calls }, { at, watched: mine });
    expect([shown(gone), shown(late), wantsSound(late, at)]).toEqual([[], ['p1/a ringing'], false]);
  });

  it('that waited in a queue for long is heard when it rings here at last', () => {
    const waited = row('a', 'ringing', { startedAt: new Date(start - 600_000).toISOString() });
    expect(wantsSound(after(said([waited])), start)).toBe(true);
    expect(wantsSound(after(said([waited], false)), start)).toBe(false);
  });

  it('comes back with the link where it rings on, and not before', () => {
    const calls = [row('a', 'ringing')];
    expect(shown(after(said(calls), lost, said(calls)))).toEqual([]);
    expect(shown(after(said(calls), lost, back(calls)))).toEqual(['p1/a ringing']);
  });

  it('is quiet when it is silenced, or nobody came for a minute; another one is heard', () => {
    const silenced = after(said([row('a', 'ringing')]), { type: 'silenced', key: 'p1/a' });
    expect([shown(silenced), wantsSound(silenced, start)]).toEqual([['p1/a ringing'], false]);
    const now = { at: start + soundMs, watched: mine };
    const two = afterIncoming(silenced, said([row('b', 'ringing')]), now);
    expect(wantsSound(two, now.at)).toBe(true);
    expect(wantsSound(after(said([row('a', 'ringing')])), start + soundMs)).toBe(false);
  });

  it('stays closed while it rings on, and opens when it rings anew', () => {
    const dismissed: IncomingEvent = { type: 'dismissed', key: 'p1/a' };
    const ringing = said([row('a', 'ringing')]);
    expect(shown(after(ringing, dismissed, ringing))).toEqual([]);
    expect(
      shown(after(ringing, dismissed, said([row('a', 'ringing', { extensions: ['9'] })]), ringing)),
    ).toEqual(['p1/a ringing']);
  });
});

describe('whose phone rings', () => {
  const all: Watched = { mine: [], followsAll: true, ringsForAll: false };
  it.each<[string, Partial<CallRow>, Watched, ReturnType<typeof rungPhoneOf>]>([
    ['mine', {}, mine, { phone: '1042', isHeard: true }],
    ['mine of this PBX', {}, { ...mine, mine: ['p1/1042'] }, { phone: '1042', isHeard: true }],
    ['mine of another PBX', {}, { ...mine, mine: ['p2/1042'] }, null],
    ['mine in a group', { extensions: ['1041', '1042'] }, mine, { phone: '1042', isHeard: true }],
    ["a colleague's", { extensions: ['1043'] }, mine, null],
    ["a colleague's whom I follow", { extensions: ['1043'] }, all, { phone: '1043', isHeard: false }],
    ['the one that calls', { callerNumber: '1042', direction: 'internal' }, mine, null],
    ['one that calls out', { direction: 'outbound', callerNumber: null }, mine, null],
    ['none yet', { extensions: [] }, all, null],
  ])('%s', (_name, more, watched, expected) => {
    expect(rungPhoneOf(row('a', 'ringing', more), watched)).toEqual(expected);
  });
});

describe('after whatever happened, in whatever order', () => {
  const calls = fc
    .record({
      pbx: fc.constantFrom('p1', 'p2'),
      call: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom<CallRow['status']>(
        'calling',
        'ringing',
        'ringing',
        'connected',
        'held',
        'ended',
      ),
      extensions: fc.subarray(['1042', '1043', '1044']),
      age: fc.integer({ min: 0, max: 30_000 }),
    })
    .map(({ call, status, age, ...more }) =>
      row(call, status, { ...more, startedAt: new Date(start - age).toISOString() }),
    );
  // A call stands once in what is said at a time.
  const some = fc.uniqueArray(calls, { selector: keyOfCall, maxLength: 4 });
  const key = fc.constantFrom('p1/a', 'p1/b', 'p2/a');
  const event: fc.Arbitrary<IncomingEvent> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant('calls'),
        calls: some,
        isLive: fc.boolean(),
        isAll: fc.boolean(),
      }),
    },
    fc.record({
      type: fc.constant('link'),
      pbx: fc.constantFrom('p1', 'p2'),
      isOpen: fc.boolean(),
      calls: some,
    }),
    fc.record({ type: fc.constant('connection-lost') }),
    fc.record({ type: fc.constant('connection-back'), calls: some }),
    fc.record({ type: fc.constant('silenced'), key }),
    fc.record({ type: fc.constant('dismissed'), key }),
    fc.record({ type: fc.constant('watched'), calls: some }),
    fc.record({ type: fc.constant('time') }),
  );
  const story = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 8_000 })), { maxLength: 25 });
  const watched: Watched = { mine: ['1042'], followsAll: true, ringsForAll: true };

  function live(events: readonly (readonly [IncomingEvent, number])[]) {
    let state = nothingIncoming;
    let at = start;
    for (const [one, pause] of events) {
      at += pause;
      state = afterIncoming(state, one, { at, watched });
    }
    return { state, now: { at, watched } };
  }
  const endings = (ended: CallRow): readonly IncomingEvent[] => [
    said([{ ...ended, status: 'ended' }]),
    said([{ ...ended, status: 'connected', extensions: ['1042', '1043', '1044'] }]),
    said([{ ...ended, extensions: [] }]),
    said([], false, true),
    { type: 'link', pbx: ended.pbx, isOpen: false, calls: [] },
  ];

  it('a call that ends, is answered, or whose PBX is lost has no dialog, and makes no sound', () => {
    fc.assert(
      fc.property(story, calls, (events, call) => {
        const { state, now } = live(events);
        for (const ending of endings(call)) {
          const ring = afterIncoming(state, ending, now).rings.get(keyOfCall(call));
          expect(ring === undefined || ring.phase === 'elsewhere').toBe(true);
        }
      }),
    );
  });

  it('a call has one dialog, none is of a lost PBX, and what is not connected is silent', () => {
    fc.assert(
      fc.property(story, (events) => {
        const { state, now } = live(events);
        for (const [name, ring] of state.rings) {
          expect([ring.key, keyOfCall(ring.call)]).toEqual([name, name]);
          expect(state.lost.has(ring.call.pbx)).toBe(false);
          expect(state.dismissed.has(name)).toBe(false);
          if (ring.phase === 'ringing')
            expect([ring.call.status, state.isConnected]).toEqual(['ringing', true]);
          else expect(ring.until).not.toBeNull();
        }
        if (!state.isConnected) expect(wantsSound(state, now.at)).toBe(false);
      }),
    );
  });

  it('nothing stays for ever: when all has ended and time has passed, nothing is kept', () => {
    fc.assert(
      fc.property(story, (events) => {
        const { state, now } = live(events);
        const ended = afterIncoming(state, said([], false, true), now);
        const at = now.at + lostMs + 1;
        const { rings, dismissed } = afterIncoming(ended, { type: 'time' }, { at, watched });
        expect([rings.size, dismissed.size, nextChangeAt({ ...ended, rings }, at)]).toEqual([0, 0, null]);
      }),
    );
  });

  it('saying the same once more changes nothing', () => {
    fc.assert(
      fc.property(story, event, (events, last) => {
        const { state, now } = live(events);
        const once = afterIncoming(state, last, now);
        expect(shown(afterIncoming(once, last, now))).toEqual(shown(once));
      }),
    );
  });
});

it('phones are read as people type them, each once', () => {
  expect(readPhones(' 1042, 1043;1042  p1/1044\n')).toEqual(['1042', '1043', 'p1/1044']);
});
