import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerStatus } from '../contract/ledger.ts';
import type { Call } from './call.ts';
import { createPhones } from './create-phones.ts';
import { OrderError } from './desk.ts';
import { Exchange } from './exchange.ts';
import type { Happening } from './happening.ts';
import { createIdentities } from './identities.ts';
import { phoneStatusOf } from './phone.ts';

function open(pickupIsCall = true): { exchange: Exchange; told: Happening[] } {
  let time = 1_800_000_000_000;
  const now = (): number => (time += 7);
  const exchange = new Exchange({
    phones: createPhones(5),
    identities: createIdentities({ seed: 1, prefix: '', now }),
    now,
    historyMax: 50,
    pickupIsCall,
    tellsDialling: true,
    losesHangup: () => false,
  });
  const told: Happening[] = [];
  exchange.listen((happening) => told.push(happening));
  return { exchange, told };
}

type Order = (exchange: Exchange, call: Call) => void;

const phone = fc.constantFrom('1001', '1002', '1003', '1004', '1005');
const anyone = fc.oneof(phone, fc.constant('+31611223344'));
const order: fc.Arbitrary<Order> = fc.oneof(
  fc.constant<Order>((exchange, call) => exchange.ring(call)),
  fc.option(anyone, { nil: undefined }).map<Order>((by) => (exchange, call) => exchange.answer(call, by)),
  fc.tuple(anyone, fc.boolean()).map<Order>(
    ([by, holds]) =>
      (exchange, call) =>
        exchange.hold(call, by, holds),
  ),
  fc
    .record({ by: phone, to: phone, kind: fc.constantFrom('blind' as const, 'attended' as const) })
    .map<Order>((transfer) => (exchange, call) => exchange.transfer(call, transfer)),
  phone.map<Order>((by) => (exchange, call) => exchange.pickUp(call, by)),
  phone.map<Order>((one) => (exchange, call) => exchange.join(call, one)),
  fc.constant<Order>((exchange, call) => exchange.record(call)),
  fc.option(anyone, { nil: undefined }).map<Order>((by) => (exchange, call) => exchange.hangUp(call, by)),
  fc
    .constantFrom('busy' as const, 'no_answer' as const, 'rejected' as const)
    .map<Order>((cause) => (exchange, call) => exchange.hangUp(call, undefined, cause)),
  fc.tuple(phone, fc.boolean()).map<Order>(
    ([one, on]) =>
      (exchange) =>
        exchange.register(one, on),
  ),
  fc.tuple(phone, fc.boolean()).map<Order>(
    ([one, on]) =>
      (exchange) =>
        exchange.doNotDisturb(one, on),
  ),
);

const plan = fc.oneof(
  fc.record({ kind: fc.constant('internal' as const), from: phone, to: phone }),
  fc.record({ kind: fc.constant('inbound' as const), from: fc.constant('+31611223344'), to: phone }),
  fc.record({ kind: fc.constant('outbound' as const), from: phone, to: fc.constant('+31201234567') }),
  fc.record({
    kind: fc.constantFrom('queue' as const, 'group' as const, 'conference' as const),
    from: anyone,
    to: fc.constant('6500'),
    members: fc.uniqueArray(phone, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('menu' as const), from: anyone, to: phone }),
);

const rank: Record<LedgerStatus, number> = { calling: 0, ringing: 1, connected: 2, held: 2, ended: 3 };

function tolerant(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof OrderError)) throw error;
  }
}

/** What must be true after every order, whatever it was. */
function checkBooks(exchange: Exchange): void {
  const { board } = exchange;
  const { calls, phones } = exchange.ledger();
  for (const call of calls) {
    const open = exchange.open.get(call.key);
    expect(open === undefined).toBe(call.status === 'ended');
    expect(call.endedAt === null).toBe(call.status !== 'ended');
    expect(call.cause === null).toBe(call.status !== 'ended');
  }
  for (const leg of board.legs.values()) {
    expect(leg.ended).toBe(false);
    expect(leg.call.endedAt).toBeNull();
    if (leg.state === 'Ringing' && leg.dialledBy !== null) expect(leg.dialledBy.ended).toBe(false);
    expect(leg.call.legs).toContain(leg);
    if (leg.bridge !== null) expect(leg.bridge.legs).toContain(leg);
    if (leg.extension !== null) expect(exchange.phones.get(leg.extension)?.legs).toContain(leg);
  }
  for (const bridge of board.bridges) expect(bridge.legs.length).toBeGreaterThan(0);
  for (const { number, status } of phones) {
    const known = exchange.phones.get(number);
    const legs = [...board.legs.values()].filter((leg) => leg.extension === number);
    expect(known?.legs.size).toBe(legs.length);
    expect(['ringing', 'incall'].includes(status)).toBe(legs.length > 0);
  }
}

describe('[SIM1] the books agree with each other', () => {
  it('whatever is ordered, and no call goes back', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(plan, fc.array(order, { maxLength: 8 })), { minLength: 1, maxLength: 5 }),
        (pickupIsCall, stories) => {
          const { exchange } = open(pickupIsCall);
          const ranks = new Map<string, number>();
          for (const [onePlan, orders] of stories) {
            let call: Call | null = null;
            tolerant(() => (call = exchange.place(onePlan)));
            for (const one of orders) {
              if (call !== null) tolerant(() => one(exchange, call as Call));
              checkBooks(exchange);
              for (const { key, status } of exchange.ledger().calls) {
                expect(rank[status]).toBeGreaterThanOrEqual(ranks.get(key) ?? 0);
                ranks.set(key, rank[status]);
              }
            }
          }
          while (exchange.open.size > 0) for (const call of exchange.open.values()) exchange.hangUp(call);
          checkBooks(exchange);
          expect([...exchange.board.legs.keys(), ...exchange.board.bridges]).toEqual([]);
          for (const one of exchange.phones.values())
            expect(['online', 'busy', 'offline']).toContain(phoneStatusOf(one));
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('[SIM2] every leg is told from beginning to end', () => {
  it('once created, once ended, and nothing of it after', () => {
    const { exchange, told } = open();
    const call = exchange.place({
      kind: 'queue',
      from: '+31611223344',
      to: '6500',
      members: ['1001', '1002'],
    });
    exchange.ring(call);
    exchange.answer(call, '1002');
    exchange.transfer(call, { by: '1002', to: '1003', kind: 'attended' });
    exchange.hangUp(call, '1003');
    const created = told.flatMap((one) => (one.kind === 'leg.created' ? [one.leg.id] : []));
    const ended = told.flatMap((one) => (one.kind === 'leg.ended' ? [one.leg.id] : []));
    expect(new Set(created).size).toBe(created.length);
    expect(ended.sort()).toEqual(created.sort());
  });
});

describe('[SIM3] the ledger', () => {
  it('keeps what is open and forgets the oldest that ended', () => {
    const { exchange } = open();
    const stays = exchange.place({ kind: 'internal', from: '1001', to: '1002' });
    for (let index = 0; index < 80; index += 1)
      exchange.hangUp(exchange.place({ kind: 'inbound', from: '+31611223344', to: '1003' }));
    const { calls } = exchange.ledger();
    expect(calls).toHaveLength(50);
    expect(calls[0]?.key).toBe(stays.key);
    expect(calls.at(-1)?.cause).toBe('abandoned');
  });

  it('says who was on a call: those that talked, else those that rang', () => {
    const { exchange } = open();
    const group = { kind: 'group', from: '+31611223344', to: '6200', members: ['1001', '1002'] } as const;
    const missed = exchange.place(group);
    exchange.ring(missed);
    exchange.hangUp(missed, undefined, 'no_answer');
    const taken = exchange.place(group);
    exchange.ring(taken);
    exchange.answer(taken, '1002');
    exchange.hangUp(taken);
    expect(exchange.ledger().calls.map(({ extensions, cause }) => ({ extensions, cause }))).toEqual([
      { extensions: ['1001', '1002'], cause: 'no_answer' },
      { extensions: ['1002'], cause: 'normal' },
    ]);
  });

  it('ends a consultation that has become part of another call', () => {
    const { exchange } = open();
    const call = exchange.place({ kind: 'internal', from: '1001', to: '1002' });
    exchange.ring(call);
    exchange.answer(call);
    exchange.transfer(call, { by: '1002', to: '1003', kind: 'attended' });
    const [kept, merged] = exchange.ledger().calls;
    expect(kept).toMatchObject({
      status: 'connected',
      extensions: ['1001', '1003'],
      mergedKeys: [merged?.key],
    });
    expect(merged).toMatchObject({ status: 'ended', cause: 'normal', answeredBy: '1003' });
  });

  it('after a restart begins with ids that were never used', () => {
    const { exchange } = open();
    const before = exchange.place({ kind: 'internal', from: '1001', to: '1002' });
    exchange.restart();
    const after = exchange.place({ kind: 'internal', from: '1001', to: '1002' });
    expect(after.key).not.toBe(before.key);
    expect(after.legs[0]?.channel).toBe(before.past[0]?.channel);
    expect(exchange.ledger().calls[0]).toMatchObject({ status: 'ended', cause: 'restarted' });
  });

  it.each([
    [{ kind: 'internal', from: '1001', to: '9999' }, '9999 is not an extension'],
    [{ kind: 'internal', from: '+316', to: '1001' }, 'begins at an extension'],
    [{ kind: 'inbound', from: '1001', to: '1002' }, '1001 is an extension'],
    [{ kind: 'queue', from: '1001', to: '6500' }, 'needs members'],
    [{ kind: 'outbound', from: '1001', to: '1002' }, '1002 is an extension'],
  ] as const)('refuses %j and says why', (wrong, message) => {
    expect(() => open().exchange.place(wrong)).toThrow(message);
  });
});
