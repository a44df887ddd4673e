import { beforeEach, describe, expect, it } from 'vitest';
import type { Said } from '../port/words.ts';
import type { ListedChannel } from './adopt-channels.ts';
import { createChannelNames } from './channel-names.ts';
import type { ChannelSaid, ChannelState } from './fact.ts';
import { LegMap } from './leg-map.ts';

let words: Said[];
let map: LegMap;
let now: number;

beforeEach(() => {
  words = [];
  now = 1000;
  map = new LegMap(createChannelNames({}), (word) => words.push(word));
  map.adopt([], map.mark(), now);
});

type Changes = Partial<ChannelSaid>;

/** A channel as ARI shows it, without a linkedid, unless the changes give one. */
const channel = (id: string, name: string, state: ChannelState, changes: Changes = {}): ChannelSaid => ({
  id,
  name: `PJSIP/${name}-0000000${id}`,
  state,
  number: name,
  callerName: '',
  exten: '',
  linkedid: null,
  ...changes,
});

const anna = (state: ChannelState, changes: Changes = {}) =>
  channel('1', '1001', state, { exten: '1002', ...changes });
const ben = (state: ChannelState, changes: Changes = {}) =>
  channel('2', '1002', state, { exten: 's', ...changes });
const carl = (state: ChannelState, changes: Changes = {}) => channel('3', '1003', state, changes);
const outside = (state: ChannelState, changes: Changes = {}) =>
  channel('9', 'pstn', state, { number: '+316', exten: '+3120', ...changes });
const room = { id: 'room', holding: false, conference: false };

const created = (said: ChannelSaid) => map.apply({ kind: 'channel', created: true, channel: said }, now++);
const changed = (said: ChannelSaid) => map.apply({ kind: 'channel', created: false, channel: said }, now++);
const dial = (caller: ChannelSaid | null, peer: ChannelSaid, status: string) =>
  map.apply({ kind: 'dial', caller, peer, status }, now++);
const enter = (said: ChannelSaid, bridge = room) =>
  map.apply({ kind: 'enter', bridge, channel: said }, now++);
const leave = (said: ChannelSaid, { id } = room) =>
  map.apply({ kind: 'leave', bridge: id, channel: said }, now++);
const hold = (said: ChannelSaid, on: boolean) => map.apply({ kind: 'hold', channel: said, on }, now++);
const hangup = (said: ChannelSaid, cause = 16, techCause = 0) =>
  map.apply({ kind: 'hangup', channel: said, cause, techCause }, now++);

const told = () =>
  words.map((word) => ('call' in word.payload ? `${word.payload.call} ${word.type.slice(5)}` : word.type));
const last = () => words.at(-1)?.payload;

function annaCallsBen(): void {
  created(anna('ring'));
  created(ben('down'));
  dial(anna('ring'), ben('down'), '');
  changed(ben('ringing'));
}

function benAnswers(): void {
  changed(ben('up'));
  dial(anna('ring'), ben('up'), 'ANSWER');
  changed(anna('up'));
  enter(ben('up'));
  enter(anna('up'));
}

const listed = (
  said: ChannelSaid,
  linkedid: string,
  changes: Partial<ListedChannel> = {},
): ListedChannel => ({
  channel: said,
  linkedid,
  startedAt: 500,
  bridge: null,
  onHold: false,
  ...changes,
});

describe('the legs of a call', () => {
  it('a called leg without a caller yet is no call of its own', () => {
    created(ben('down'));
    changed(ben('ringing'));
    expect(words).toEqual([]);
  });

  it('frames that come twice or late change nothing', () => {
    annaCallsBen();
    benAnswers();
    hangup(anna('up'));
    hangup(ben('up'));
    const before = words.length;
    hangup(ben('up'));
    changed(ben('up'));
    dial(anna('up'), ben('up'), 'ANSWER');
    enter(anna('up'));
    expect(words).toHaveLength(before);
    expect(map.sizes).toMatchObject({ legs: 0, calls: 0, linkedids: 0, bridges: 0 });
  });

  it('a hold before the answer and an unhold without a hold tell nothing', () => {
    annaCallsBen();
    const before = words.length;
    hold(anna('ring'), true);
    hold(anna('ring'), false);
    hold(ben('ringing'), false);
    expect(words).toHaveLength(before);
  });

  it('who holds and leaves holds no longer', () => {
    annaCallsBen();
    benAnswers();
    hold(ben('up'), true);
    expect(told().at(-1)).toBe('1 held');
    enter(carl('up'));
    hangup(ben('up'));
    expect(told().at(-1)).toBe('1 connected');
  });

  it('recorders and spies are no parties and keep no call alive', () => {
    annaCallsBen();
    benAnswers();
    enter(channel('7', '', 'up', { name: 'Recorder/ARI-00000001;2' }));
    hangup(anna('up'));
    hangup(ben('up'));
    expect(told().at(-1)).toBe('1 ended');
    expect(map.sizes).toMatchObject({ legs: 0, calls: 0 });
  });

  it('a wish of ours: the telephone that rings first is the caller, and is not called', () => {
    created(anna('down', { id: 'wish', exten: 's' }));
    dial(null, anna('down', { id: 'wish' }), '');
    changed(anna('ringing', { id: 'wish' }));
    dial(null, anna('up', { id: 'wish' }), 'ANSWER');
    expect(last()).toMatchObject({ call: 'wish', caller: { number: '1001' } });
    expect(told()).not.toContain('wish connected');
    created(outside('down'));
    dial(anna('up', { id: 'wish', exten: '+316' }), outside('down'), '');
    dial(anna('up', { id: 'wish' }), outside('up'), 'ANSWER');
    expect(last()).toMatchObject({
      callee: { number: '+316' },
      route: { direction: 'outbound', trunk: 'pstn' },
      extensions: ['1001'],
    });
    expect(told().at(-1)).toBe('wish connected');
  });

  it('somebody in a waiting room talks to nobody', () => {
    created(outside('ring'));
    changed(outside('up'));
    const waiting = { id: 'parking', holding: true, conference: false };
    enter(outside('up'), waiting);
    enter(carl('up', { linkedid: '3' }), waiting);
    expect(told()).not.toContain('9 connected');
  });

  it('a conference is talk, and leaves each visitor a call of its own', () => {
    const conference = { ...room, conference: true };
    created(anna('ring'));
    created(carl('ring'));
    enter(anna('up'), conference);
    expect(told()).not.toContain('1 connected');
    enter(carl('up'), conference);
    expect(told().slice(-2).sort()).toEqual(['1 connected', '3 connected']);
  });
});

describe('calls that become one', () => {
  it('in a room (ARI): the older keeps its name, the other ends', () => {
    annaCallsBen();
    benAnswers();
    created(carl('ring', { exten: '*8' }));
    enter(carl('up'));
    expect(told().slice(-2)).toEqual(['3 ended', '1 connected']);
    expect(words.at(-2)?.payload).toMatchObject({ cause: 'normal' });
    expect(last()).toMatchObject({ call: '1', extensions: ['1001', '1002', '1003'] });
    expect(map.keyOf('3')).toBe('1');
    expect(map.callOfChannel('3')).toBe('1');
  });

  it('by a changed linkedid (AMI)', () => {
    created(anna('ring', { linkedid: '1' }));
    created(carl('ring', { linkedid: '3' }));
    changed(carl('up', { linkedid: '1' }));
    expect(told()).toEqual(['1 calling', '3 calling', '3 ended', '1 calling']);
    changed(channel('4', '1004', 'ringing', { linkedid: '3' }));
    expect(last()).toMatchObject({ call: '1', extensions: ['1001', '1003', '1004'] });
  });

  it('silently, where the other was never told', () => {
    created(anna('ring'));
    created(ben('down'));
    dial(anna('ring'), ben('down'), '');
    expect(told().every((word) => word.startsWith('1 '))).toBe(true);
  });

  it('legs without end bring no names without end', () => {
    created(outside('ring'));
    for (let id = 100; id < 1100; id++) {
      const agent = channel(String(id), '1001', 'ringing', { name: `PJSIP/1001-${id}` });
      dial(outside('up'), agent, 'RINGING');
      hangup(agent, 0);
    }
    expect(map.sizes.linkedids).toBeLessThan(50);
    expect(map.keyOf('9')).toBe('9');
  });
});

describe('why a call ended', () => {
  it.each([
    [127, 487, 'abandoned'],
    [127, 0, 'abandoned'],
    [127, 486, 'busy'],
    [17, 486, 'busy'],
    [19, 480, 'no_answer'],
    [21, 403, 'rejected'],
    [1, 404, 'bad_number'],
    [34, 503, 'congestion'],
    [16, 0, 'abandoned'],
    [0, 0, 'no_answer'],
  ])('unanswered, cause %i and SIP %i: %s', (cause, techCause, expected) => {
    annaCallsBen();
    hangup(ben('ringing'), 0);
    hangup(anna('ring'), cause, techCause);
    expect(last()).toMatchObject({ cause: expected, extensions: ['1002'] });
  });

  it.each([
    ['NOANSWER', 'no_answer'],
    ['BUSY', 'busy'],
    ['CHANUNAVAIL', 'offline'],
    ['CANCEL', 'abandoned'],
    ['constructor', 'abandoned'],
  ])('a caller who ended in peace after %s: %s', (status, expected) => {
    annaCallsBen();
    dial(anna('ring'), ben('ringing'), status);
    hangup(ben('ringing'), 0);
    hangup(anna('ring'), 16);
    expect(last()).toMatchObject({ cause: expected });
  });

  it('a menu that nobody was called from ends normally', () => {
    created(outside('ring'));
    changed(outside('up'));
    hangup(outside('up'));
    expect(last()).toMatchObject({ cause: 'normal', extensions: [] });
  });

  it('answered calls end normally where nothing else is said', () => {
    annaCallsBen();
    benAnswers();
    hangup(ben('up'), 0);
    hangup(anna('up'), 0);
    expect(last()).toMatchObject({ cause: 'normal', extensions: ['1002', '1001'] });
  });
});

describe('before the first snapshot', () => {
  beforeEach(() => {
    map = new LegMap(createChannelNames({}), (word) => words.push(word));
  });

  it('calls that were under way are not told of, new ones are', () => {
    changed(anna('up'));
    enter(ben('up'));
    enter(anna('up'));
    created(carl('ring'));
    expect(told()).toEqual(['3 calling']);
  });

  it('they are told as the list has them, under the name the PBX gives them', () => {
    changed(ben('up'));
    const mark = map.mark();
    const bridge = room;
    const calls = map.adopt(
      [listed(ben('up'), '1', { bridge }), listed(anna('up'), '1', { bridge })],
      mark,
      now,
    );
    expect(calls).toMatchObject([
      {
        call: '1',
        status: 'connected',
        caller: { number: '1001' },
        callee: { number: '1002' },
        startedAt: 500,
      },
    ]);
    expect(words).toEqual([]);
    hangup(anna('up'));
    hangup(ben('up'));
    expect(told().at(-1)).toBe('1 ended');
  });

  it('a leg of which only a hold was heard meanwhile still has its room from the list', () => {
    const mark = map.mark();
    hold(ben('up'), true);
    const bridge = room;
    const calls = map.adopt(
      [listed(ben('up'), '1', { bridge }), listed(anna('up'), '1', { bridge })],
      mark,
      now,
    );
    expect(calls).toMatchObject([{ call: '1', status: 'held', caller: { number: '1001' } }]);
    hold(ben('up'), false);
    expect(told()).toEqual(['1 connected']);
  });

  it('and are told after a snapshot that failed', () => {
    changed(anna('up'));
    map.settle(now);
    expect(told()).toEqual(['1 calling']);
  });

  describe('a consultation that becomes part of a call that was under way before us', () => {
    const secondRoom = { ...room, id: 'second room' };

    /** Anna and Ben talk since long ago; Ben puts her on hold, calls Carl on his second line, and leaves the two. */
    function benHandsOver(conversation: string | null, consultation: string | null): void {
      const [ofAnna, ofBen] = [{ linkedid: conversation }, { linkedid: consultation }];
      const second = (state: ChannelState) => ben(state, { id: '5', name: 'PJSIP/1002-5', ...ofBen });
      const target = (state: ChannelState, changes: Changes = ofBen) => carl(state, { id: '6', ...changes });
      hold(ben('up', ofAnna), true);
      created(second('ring'));
      created(target('down'));
      dial(second('ring'), target('down'), '');
      dial(second('ring'), target('up'), 'ANSWER');
      enter(target('up'), secondRoom);
      enter(second('up'), secondRoom);
      leave(target('up'), secondRoom);
      enter(target('up', ofAnna));
      leave(second('up'), secondRoom);
      leave(ben('up', ofAnna));
      hangup(second('up'));
      hangup(ben('up', ofAnna));
    }

    const annaAndCarl = () => [
      listed(anna('up'), '1', { bridge: room }),
      listed(carl('up', { id: '6' }), '1', { bridge: room }),
    ];

    it.each([
      ['AMI', '1', '5'],
      ['ARI', null, null],
    ])('ends, and the call goes on under its own name (%s)', (_, conversation, consultation) => {
      const mark = map.mark();
      benHandsOver(conversation, consultation);
      const calls = map.adopt(annaAndCarl(), mark, now);
      expect(calls).toMatchObject([{ call: '1', status: 'connected', extensions: ['1001', '1003'] }]);
      expect(new Set(told().filter((word) => word.startsWith('1 ')))).not.toContain('1 ended');
      expect(told().filter((word) => word.endsWith('ended'))).toEqual(['5 ended']);
      words.length = 0;
      hangup(anna('up', { linkedid: conversation }));
      hangup(carl('up', { id: '6', linkedid: conversation }));
      expect(told().at(-1)).toBe('1 ended');
      expect(told().some((word) => word.startsWith('5 '))).toBe(false);
    });

    it.each([
      ['AMI', '1', '5'],
      ['ARI', null, null],
    ])('also where the first list could not be had (%s)', (_, conversation, consultation) => {
      map.settle(now);
      benHandsOver(conversation, consultation);
      const calls = map.adopt(annaAndCarl(), map.mark(), now);
      expect(calls).toMatchObject([{ call: '1', status: 'connected' }]);
      expect([...(calls[0]?.extensions ?? [])].sort()).toEqual(['1001', '1003']);
      const open = new Map(told().map((word) => word.split(' ') as [string, string]));
      expect([...open].filter(([, status]) => status !== 'ended')).toEqual(
        open.has('1') ? [['1', open.get('1')]] : [],
      );
    });

    it('also where the list is older than that, and still has the one who left (ARI)', () => {
      const mark = map.mark();
      const before = [listed(anna('up'), '1', { bridge: room }), listed(ben('up'), '1', { bridge: room })];
      benHandsOver(null, null);
      const calls = map.adopt(before, mark, now);
      expect(calls).toMatchObject([{ call: '1', status: 'connected' }]);
      expect([...(calls[0]?.extensions ?? [])].sort()).toEqual(['1001', '1003']);
      expect(told().filter((word) => word.endsWith('ended'))).toEqual(['5 ended']);
    });

    it('also where it began before the list and was joined after it', () => {
      created(ben('ring', { id: '5', name: 'PJSIP/1002-5' }));
      const mark = map.mark();
      map.adopt(
        [
          listed(anna('up'), '1', { bridge: room }),
          listed(ben('up'), '1', { bridge: room }),
          listed(ben('ring', { id: '5', name: 'PJSIP/1002-5' }), '5'),
        ],
        mark,
        now,
      );
      words.length = 0;
      enter(ben('up', { id: '5', name: 'PJSIP/1002-5' }));
      expect(told()[0]).toBe('5 ended');
      expect(map.keyOf('5')).toBe('1');
    });
  });

  it('a recorder whose start was not heard is no call that was under way', () => {
    created(anna('ring'));
    created(ben('down'));
    dial(anna('ring'), ben('down'), '');
    enter(ben('up'));
    enter(channel('7', '', 'up', { name: 'Recorder/ARI-00000001;2' }));
    expect(told().every((word) => word.startsWith('1 '))).toBe(true);
    expect(map.keyOf('7')).toBe('1');
  });

  it('a name that was guessed because there was no list gives way to the one that a list tells', () => {
    changed(ben('up'));
    map.settle(now);
    expect(told()).toEqual(['2 calling']);
    const rows = [listed(ben('up'), '1', { bridge: room }), listed(anna('up'), '1', { bridge: room })];
    const calls = map.adopt(rows, map.mark(), now);
    expect(told()).toEqual(['2 calling', '2 ended']);
    expect(calls).toMatchObject([{ call: '1', caller: { number: '1001' }, callee: { number: '1002' } }]);
    hangup(anna('up'));
    hangup(ben('up'));
    expect(told().slice(2)).toEqual(['1 connected', '1 ended']);
  });

  it('who dials was there before whom he dials, whoever is heard first', () => {
    map.settle(now);
    created(ben('down'));
    dial(anna('ring'), ben('down'), '');
    expect(told()).toEqual(['1 calling']);
  });

  it('a call that ended while the list was fetched does not come back', () => {
    const mark = map.mark();
    hangup(anna('up'));
    expect(map.adopt([listed(anna('up'), '1')], mark, now)).toEqual([]);
  });
});

describe('a later snapshot', () => {
  it('leaves out silently what is not listed, but for what was heard since, and forgets it with the next one', () => {
    annaCallsBen();
    benAnswers();
    const before = words.length;
    const mark = map.mark();
    created(carl('ring'));
    const calls = map.adopt([], mark, now);
    expect(calls.map(({ call }) => call)).toEqual(['3']);
    expect(words).toHaveLength(before + 1);
    map.adopt([listed(carl('ring'), '3')], map.mark(), now);
    expect(words).toHaveLength(before + 1);
    expect(map.sizes).toMatchObject({ legs: 1, calls: 1, bridges: 0 });
  });

  it('is quicker than the frames at times: of a call that it leaves out the end is told whole when it comes', () => {
    annaCallsBen();
    const before = words.length;
    expect(map.adopt([], map.mark(), now)).toEqual([]);
    benAnswers();
    created(carl('down'));
    dial(anna('up'), carl('down'), '');
    changed(carl('ringing'));
    hangup(carl('ringing'), 26);
    hangup(ben('up'));
    expect(words).toHaveLength(before);
    hangup(anna('up'));
    expect(told().slice(before)).toEqual(['1 ended']);
    expect(last()).toMatchObject({ startedAt: 1000, cause: 'normal', extensions: ['1002', '1001'] });
    expect(last()).toHaveProperty('answeredAt');
    expect(map.sizes).toMatchObject({ legs: 0, calls: 0, linkedids: 0, bridges: 0 });
  });

  it('brings back a call that an earlier one had left out', () => {
    annaCallsBen();
    map.adopt([], map.mark(), now);
    const rows = [listed(anna('ring'), '1'), listed(ben('ringing'), '1')];
    expect(map.adopt(rows, map.mark(), now)).toMatchObject([
      { call: '1', startedAt: 1000, status: 'ringing' },
    ]);
    benAnswers();
    expect(told().at(-1)).toBe('1 connected');
  });

  it('corrects a state that was lost on the way, and leaves the answer its time', () => {
    annaCallsBen();
    benAnswers();
    const answeredAt = words.find(({ type }) => type === 'call.connected')?.payload.at;
    const row = (said: ChannelSaid): ListedChannel => ({
      channel: said,
      linkedid: null,
      startedAt: undefined,
      bridge: room,
      onHold: false,
    });
    const calls = map.adopt([row(anna('up')), row(carl('up'))], map.mark(), now);
    expect(calls).toMatchObject([{ call: '1', answeredAt, extensions: ['1001', '1003'] }]);
  });
});
