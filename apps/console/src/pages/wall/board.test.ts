import type { CallRow, ExtensionRow } from '@trunkline/realtime-client';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoard, wholeBoard, type BoardView } from './board.ts';
import { emptyCounts, totalOf } from './counts.ts';
import { needsYouOf } from './needs-you.ts';
import type { PhoneState } from './phone.ts';

const extension = (
  number: string,
  status: PhoneState = 'online',
  more: Partial<ExtensionRow> = {},
): ExtensionRow => ({
  pbx: 'p',
  extension: number,
  name: null,
  status,
  lastSeenAt: '2026-11-19T14:00:00Z',
  revision: 1,
  ...more,
});

const call = (
  name: string,
  status: CallRow['status'],
  extensions: string[],
  more: Partial<CallRow> = {},
): CallRow => ({
  pbx: 'p',
  call: name,
  status,
  startedAt: '2026-11-19T14:01:00Z',
  answeredAt: status === 'connected' ? '2026-11-19T14:01:10Z' : null,
  answeredApproximate: false,
  endedAt: null,
  cause: null,
  talkSeconds: null,
  direction: 'inbound',
  trunk: null,
  did: null,
  callerNumber: '+351911',
  callerName: null,
  calleeNumber: extensions[0] ?? null,
  calleeName: null,
  extensions,
  revision: 1,
  ...more,
});

function lab(view: Partial<BoardView> = {}) {
  const extensions = new Map<string, ExtensionRow>();
  const calls = new Map<string, CallRow>();
  const board = createBoard({ extension: (key) => extensions.get(key), call: (key) => calls.get(key) });
  board.look({ ...wholeBoard, ...view });
  const show = (...rows: ExtensionRow[]) => {
    const keys = rows.map((row) => {
      const key = `${row.pbx}/${row.extension}`;
      extensions.set(key, row);
      return key;
    });
    return [...board.apply(keys, [])];
  };
  const ring = (...rows: CallRow[]) => {
    for (const row of rows) calls.set(`${row.pbx}/${row.call}`, row);
    return [
      ...board.apply(
        [],
        rows.map((row) => `${row.pbx}/${row.call}`),
      ),
    ];
  };
  const drop = (...keys: string[]) => {
    for (const key of keys) extensions.delete(key);
    return [...board.apply(keys, [])];
  };
  const keys = () =>
    board.sections().map(({ id, keys }) => [id, ...keys.map((key) => key.slice(2))].join(' '));
  return { board, extensions, show, ring, drop, keys };
}

describe('the order', () => {
  it('is by group and number, and is made anew only where a phone comes, goes or is renamed', () => {
    const { board, show, drop, keys } = lab();
    show(extension('100'), extension('20'), extension('9', 'online', { pbx: 'a' }), extension('9'));
    expect(keys()).toEqual(['a 9', 'p 9 20 100']);
    const before = board.sections();
    show(extension('20', 'ringing', { revision: 2 }));
    expect(board.sections()).toBe(before);
    drop('p/20');
    expect(keys()).toEqual(['a 9', 'p 9 100']);
  });

  it('is by name where that is wanted, with the nameless last', () => {
    const { show, keys } = lab({ order: 'name' });
    show(
      extension('1'),
      extension('2', 'online', { name: 'Zoë' }),
      extension('3', 'online', { name: 'ana' }),
    );
    expect(keys()).toEqual(['p 3 2 1']);
    show(extension('3', 'online', { name: 'Zz', revision: 2 }));
    expect(keys()).toEqual(['p 2 3 1']);
  });

  it('is by hundreds where that is wanted', () => {
    const { show, keys } = lab({ groupBy: 'range' });
    show(extension('1042'), extension('999'), extension('12'), extension('1100'), extension('1001'));
    expect(keys()).toEqual(['p: 12', 'p:900 999', 'p:1000 1001 1042', 'p:1100 1100']);
  });
});

describe('what is counted', () => {
  it('is what the text and the group leave, whatever states are wanted', () => {
    const { board, show, keys } = lab({ text: 'AN', states: ['busy'] });
    show(
      extension('1', 'busy', { name: 'Ana' }),
      extension('2', 'ringing', { name: 'Dan' }),
      extension('3', 'busy', { name: 'Bob' }),
    );
    expect([board.counts(), keys()]).toEqual([{ ...emptyCounts, busy: 1, ringing: 1 }, ['p 1']]);
    board.look({ ...wholeBoard, group: 'q' });
    expect([totalOf(board.counts()), keys()]).toEqual([0, []]);
    board.look({ ...wholeBoard, text: '3' });
    expect([board.counts().busy, totalOf(board.countsOf('p')), totalOf(board.countsOf('q'))]).toEqual([
      1, 1, 0,
    ]);
  });

  it('is the same as if all were counted, after any changes', () => {
    const states: PhoneState[] = ['online', 'ringing', 'incall', 'busy', 'offline'];
    const change = fc.record({
      number: fc.integer({ min: 1, max: 12 }).map(String),
      status: fc.constantFrom(...states),
      name: fc.constantFrom('Ana', 'Bob', null),
      isGone: fc.boolean(),
    });
    const look = fc.record({ text: fc.constantFrom('', 'a', '1'), at: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), look, (changes, { text, at }) => {
        const { board, extensions, show, drop } = lab();
        changes.forEach(({ number, status, name, isGone }, index) => {
          if (index === at) board.look({ ...wholeBoard, text });
          if (isGone) drop(`p/${number}`);
          else show(extension(number, status, { name, revision: index }));
        });
        board.look({ ...wholeBoard, text });
        const counted = Object.fromEntries(states.map((state) => [state, 0]));
        for (const { status, name, extension } of extensions.values()) {
          if (extension.includes(text) || (name ?? '').toLowerCase().includes(text))
            counted[status] = (counted[status] ?? 0) + 1;
        }
        expect(board.counts()).toEqual(counted);
        expect(board.sections().flatMap(({ keys }) => keys)).toHaveLength(totalOf(board.counts()));
      }),
    );
  });
});

describe('a phone', () => {
  it('shows who is at the other end, which way, and since when', () => {
    const { board, show, ring } = lab();
    show(extension('1', 'ringing'), extension('2', 'incall'));
    expect(
      ring(
        call('a', 'ringing', ['1']),
        call('b', 'connected', ['2'], { callerNumber: '2', calleeNumber: '+44' }),
      ),
    ).toEqual(['p/1', 'p/2']);
    expect(board.phone('p/1')).toMatchObject({
      other: '+351911',
      way: 'from',
      since: Date.parse('2026-11-19T14:01:00Z'),
    });
    expect(board.phone('p/2')).toMatchObject({
      other: '+44',
      way: 'to',
      since: Date.parse('2026-11-19T14:01:10Z'),
    });
  });

  it('forgets the call with its end, also where the call moved to another phone', () => {
    const { board, show, ring } = lab();
    show(extension('1', 'incall'), extension('2', 'incall'));
    ring(call('a', 'connected', ['1']));
    expect(ring(call('a', 'connected', ['2'], { revision: 2 }))).toEqual(['p/1', 'p/2']);
    expect([board.phone('p/1')?.other, board.phone('p/2')?.other]).toEqual([null, '+351911']);
    ring(call('a', 'ended', ['2'], { revision: 3 }));
    expect(board.phone('p/2')?.other).toBeNull();
  });

  it('stays the same object while nothing of it changes, and keeps its time while its state is said again', () => {
    const { board, show, ring } = lab();
    show(extension('1'));
    const before = board.phone('p/1');
    expect(show(extension('1', 'online', { lastSeenAt: '2026-11-19T15:00:00Z' }))).toEqual([]);
    expect(board.phone('p/1')).toBe(before);
    expect(ring(call('a', 'connected', ['7']))).toEqual([]);
    show(extension('1', 'busy', { lastSeenAt: '2026-11-19T15:00:00Z', revision: 2 }));
    expect(board.phone('p/1')?.since).toBe(Date.parse('2026-11-19T15:00:00Z'));
  });

  it('that rings or talks for too long needs somebody, longest first, ringing before talking', () => {
    const { board, show, ring } = lab();
    show(
      extension('1', 'ringing'),
      extension('2', 'ringing'),
      extension('3', 'incall'),
      extension('4', 'online'),
    );
    ring(
      call('a', 'ringing', ['1'], { startedAt: '2026-11-19T14:01:30Z' }),
      call('b', 'ringing', ['2']),
      call('c', 'connected', ['3'], { answeredAt: '2026-11-19T13:00:00Z' }),
    );
    const at = (time: string) =>
      needsYouOf(board.engaged(), { ringingMs: 20_000, talkingMs: 1_800_000 }, Date.parse(time)).map(
        ({ number }) => number,
      );
    expect(at('2026-11-19T14:01:20Z')).toEqual(['3']);
    expect(at('2026-11-19T14:01:51Z')).toEqual(['2', '1', '3']);
    board.look({ ...wholeBoard, text: '1' });
    expect(at('2026-11-19T14:01:51Z')).toEqual(['1']);
  });
});
