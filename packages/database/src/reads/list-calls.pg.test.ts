import { pbxId, tenantId, type TenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import type { CallFilter } from './call-filter.ts';
import { listCalls, listing } from './list-calls.ts';
import { storeCall, type StoredCall } from './testing/stored-calls.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const [head, branch, foreign] = [pbxId(pbxIds[0]), pbxId(pbxIds[1]), pbxId(pbxIds[2])];

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.run((tx) => tx.query('truncate call')));

const store = (...calls: Partial<StoredCall>[]): Promise<void> =>
  database.run(async (tx) => {
    for (const call of calls) {
      const pbx = call.pbx ?? head;
      const tenant = pbx === foreign ? other : one;
      await storeCall(tx, { tenant, pbx, call: 'call', startedAgo: 60, ...call });
    }
  });

const keys = async (filter: CallFilter, tenant?: TenantId): Promise<string[]> => {
  const page =
    tenant === undefined
      ? await database.run((tx) => listCalls(tx, filter))
      : await database.forTenant(tenant, (_em, tx) => listCalls(tx, filter));
  return page.items.map(({ call }) => call);
};

async function walk(limit: number, between: () => Promise<void> = () => Promise.resolve()) {
  const seen: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await database.run((tx) => listCalls(tx, {}, { limit, after }));
    seen.push(...page.items.map(({ pbx, call }) => `${pbx} ${call}`));
    if (page.next === null) return seen;
    after = page.next;
    await between();
  }
}

describe('pages of calls', () => {
  it('show each call once, newest first, whatever their size', async () => {
    const calls = Array.from({ length: 23 }, (_, index) => ({
      call: `call-${index}`,
      // Several begin in the same instant, on several PBXs, open and ended.
      startedAgo: 60 + Math.floor(index / 4),
      pbx: [head, branch, foreign][index % 3] ?? head,
      status: index % 5 === 0 ? 'ringing' : 'ended',
    }));
    await store(...calls);
    const whole = await walk(500);
    expect(new Set(whole).size).toBe(calls.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), async (limit) => {
        expect(await walk(limit)).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  it('are not moved by calls that begin meanwhile', async () => {
    await store({ call: 'a', startedAgo: 50 }, { call: 'b', startedAgo: 40 }, { call: 'c', startedAgo: 30 });
    let count = 0;
    const seen = await walk(1, () => store({ call: `new-${(count += 1)}`, startedAgo: 0 }));
    expect(seen).toEqual(['c', 'b', 'a'].map((call) => `${head} ${call}`));
  });

  it('tell of a call what screens are told', async () => {
    await store({ call: 'a', answeredAgo: 30, caller: '+49301', callee: '1001', extensions: ['1001'] });
    const { items } = await database.run((tx) => listCalls(tx));
    expect(items).toEqual([
      {
        pbx: head,
        pbxName: 'pbx 1',
        tenant: one,
        call: 'a',
        status: 'ended',
        startedAt: expect.any(Date) as Date,
        answeredAt: expect.any(Date) as Date,
        answeredApproximate: false,
        endedAt: expect.any(Date) as Date,
        cause: 'normal',
        talkSeconds: 30,
        direction: null,
        trunk: null,
        did: null,
        callerNumber: '+49301',
        callerName: null,
        calleeNumber: '1001',
        calleeName: null,
        extensions: ['1001'],
        verifiedAt: null,
        revision: 1,
      },
    ]);
  });
});

describe('a filter', () => {
  beforeEach(() =>
    store(
      { call: 'in', caller: '+4930111222', callee: '1001', direction: 'inbound', startedAgo: 1_000 },
      { call: 'busy', caller: '1002', callee: '+4930999222', cause: 'busy', startedAgo: 900 },
      { call: 'held', status: 'held', answeredAgo: 7_000, startedAgo: 7_200, extensions: ['1001', '1003'] },
      { call: 'rings', status: 'ringing', startedAgo: 10, pbx: branch },
      { call: 'old', startedAgo: 90_000, pbx: branch, extensions: ['1004', '1005', '1006', '1007', '1008'] },
      { call: 'foreign', startedAgo: 800, pbx: foreign, caller: '+4930111333' },
    ),
  );
  const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
  const minutes = (count: number): number => count * 60_000;

  it.each<[string, CallFilter, string[]]>([
    ['nothing', {}, ['rings', 'foreign', 'busy', 'in', 'held', 'old']],
    ['a tenant', { tenant: other }, ['foreign']],
    ['a PBX', { pbx: branch }, ['rings', 'old']],
    ['a PBX of another tenant', { pbx: branch, tenant: other }, []],
    ['states', { status: ['ringing', 'held'] }, ['rings', 'held']],
    ['ended ones of a PBX', { status: ['ended'], pbx: branch }, ['old']],
    ['a phone, also as a party', { extension: '1001' }, ['in', 'held']],
    ['a phone among many', { extension: '1006' }, ['old']],
    ['the last phone of many', { extension: '1008' }, ['old']],
    ['first digits', { numberStartsWith: '+4930111' }, ['foreign', 'in']],
    ['last digits', { numberEndsWith: '222' }, ['busy', 'in']],
    ['first and last digits', { numberStartsWith: '+49', numberEndsWith: '333' }, ['foreign']],
    ['digits that mean something in a pattern', { numberStartsWith: '%' }, []],
    ['a direction', { direction: 'inbound' }, ['in']],
    ['causes', { cause: ['busy', 'no_answer'] }, ['busy']],
    ['a cause and a state that exclude each other', { cause: ['busy'], status: ['held'] }, []],
    ['a beginning', { from: ago(950) }, ['rings', 'foreign', 'busy']],
    ['a time', { from: ago(950), to: ago(850) }, ['busy']],
    ['stuck', { stuck: { answeredMs: minutes(30), unansweredMs: minutes(30) } }, ['held']],
    ['stuck or ringing for long', { stuck: { answeredMs: minutes(300), unansweredMs: 5_000 } }, ['rings']],
  ])('by %s', async (_name, filter, expected) => {
    expect(await keys(filter)).toEqual(expected);
  });

  it('never shows a tenant what is not its own, even where it asks for it', async () => {
    expect(await keys({}, one)).toEqual(['rings', 'busy', 'in', 'held', 'old']);
    expect(await keys({ tenant: other }, one)).toEqual([]);
    expect(await keys({ pbx: foreign }, one)).toEqual([]);
    expect(await keys({ numberStartsWith: '+4930111' }, other)).toEqual(['foreign']);
  });
});

describe('the plan of a page', () => {
  beforeAll(() =>
    database.run(async (tx) => {
      await tx.query('truncate call');
      await tx.query(
        `insert into call (tenant_id, pbx_id, call_key, started_at, word_as_of, word_said, word_rank, word_status,
           extensions, status, ended_at, hangup_cause, caller_number, callee_number)
         select $1, $2, 'call-' || n, now() - n * interval '1 second', n, n, 0, 'ended', array[(1000 + n % 500)::text], 'ended', now(),
           case n % 4000 when 0 then 'timeout_cleanup' else 'normal' end,
           '+4930' || lpad((n * 7919 % 10000000)::text, 7, '0'), '1001'
         from generate_series(1, 20000) n`,
        [one, head],
      );
      await tx.query('analyze call');
    }),
  );

  const plan = async (filter: CallFilter, tenant?: TenantId): Promise<string> => {
    const { statement, parameters } = listing(filter, 50);
    const question = `explain (costs off) ${statement}`;
    const rows =
      tenant === undefined
        ? await database.run((tx) => tx.query<{ 'QUERY PLAN': string }>(question, parameters))
        : await database.forTenant(tenant, (_em, tx) =>
            tx.query<{ 'QUERY PLAN': string }>(question, parameters),
          );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it.each([
    ['newest first', {}, ['call_history']],
    ['of a PBX', { pbx: head }, ['call_history']],
    ['in a time', { from: new Date(0), to: new Date(Date.now() - 60_000) }, ['call_history']],
    ['first digits', { numberStartsWith: '+49301234' }, ['call_caller_number', 'call_callee_number']],
    ['last digits', { numberEndsWith: '4321' }, ['call_caller_reversed', 'call_callee_reversed']],
  ] as const)('uses its index, for services and behind the wall: %s', async (_name, filter, indexes) => {
    for (const tenant of [undefined, one]) {
      const text = await plan(filter, tenant);
      for (const index of indexes) expect(text).toContain(index);
      expect(text).toContain('call_open');
      expect(text).not.toContain('Seq Scan on call');
    }
  });

  it('finds the calls of one phone without walking those of all others', async () => {
    for (const tenant of [undefined, one]) {
      const text = await plan({ extension: '1007' }, tenant);
      for (const index of ['extension_1', 'extension_2', 'extension_3', 'extension_many', 'caller_number'])
        expect(text).toContain(`call_${index}`);
      expect(text).not.toMatch(/Seq Scan on call|call_history/);
      const all = await plan({ extension: '1007', from: new Date(0), direction: 'inbound' }, tenant);
      expect(all).not.toMatch(/Seq Scan on call|call_history/);
    }
  });

  it('finds the few calls that we closed without walking those that PBXs ended', async () => {
    for (const tenant of [undefined, one]) {
      const text = await plan({ cause: ['timeout_cleanup', 'reconciled'] }, tenant);
      expect(text).toContain('call_of_our_cause');
      expect(text).not.toContain('call_open');
    }
  });
});
