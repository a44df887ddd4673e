import {
  callKey,
  callStatuses,
  stuckCallLimitBounds,
  suspect,
  type ExtensionNumber,
  type Instant,
  type ObservedCall,
  type PbxId,
  type TenantId,
} from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import { findSuspects, type Suspect, type SuspectSearch } from './find-suspects.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const clear = () => database.run((transaction) => transaction.query('truncate call'));
beforeEach(clear);

const minuteMs = 60_000;
const now = Date.UTC(2026, 0, 2) as Instant;
const limits = { answeredMs: 30 * minuteMs, unansweredMs: 20 * minuteMs };

/** Times around the limits, to the millisecond, since that is where a comparison may be one off. */
const moment = fc
  .tuple(fc.constantFrom(0, 20, 30, 50), fc.integer({ min: -2, max: 2 }))
  .map(([minutes, ms]) => (now - minutes * minuteMs + ms) as Instant);
const maybe = fc.option(moment, { nil: undefined });

interface Row extends ObservedCall {
  readonly pbx: string;
  readonly key: string;
  readonly extensions: readonly string[];
}

const rows = fc.uniqueArray(
  fc.record({
    pbx: fc.constantFrom(...pbxIds),
    key: fc.constantFrom('a', 'B', 'c "1"', 'd,{}', 'é', 'z'),
    status: fc.constantFrom(...callStatuses),
    startedAt: moment,
    answeredAt: maybe,
    verifiedAt: maybe,
    extensions: fc.subarray(['1001', '1002']),
  }),
  { selector: ({ pbx, key }) => `${pbx} ${key}`, maxLength: 14 },
);

async function store(calls: readonly Row[]): Promise<void> {
  await database.run(async (transaction) => {
    for (const [index, call] of calls.entries()) {
      const ended = call.status === 'ended';
      await transaction.query(
        `insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, verified_at, word_as_of, word_said,
           word_rank, word_status, extensions, status, ended_at, hangup_cause)
         values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000),
           to_timestamp($6::float8 / 1000), $7, $7, 0, $8, $9, $8, $10, $11)`,
        [
          tenantIds[call.pbx === pbxIds[2] ? 1 : 0],
          call.pbx,
          call.key,
          call.startedAt,
          call.answeredAt ?? null,
          call.verifiedAt ?? null,
          index + 1,
          call.status,
          [...call.extensions],
          ended ? new Date(now) : null,
          ended ? 'normal' : null,
        ],
      );
    }
  });
}

async function findAll(search: SuspectSearch, size: number): Promise<Suspect[]> {
  const found: Suspect[] = [];
  for (;;) {
    const page = await database.run((transaction) =>
      findSuspects(transaction, search, { after: found.at(-1), size }),
    );
    found.push(...page);
    if (page.length < size) return found;
  }
}

const told = (suspects: readonly { pbx: string; call: string; why: string }[]) =>
  suspects.map(({ pbx, call, why }) => `${pbx} ${call} ${why}`).sort();

it('[STUCK1] [STUCK3] suspects exactly whom the pure policy suspects, whatever the pages', async () => {
  const searches = fc.record({ byTimeAlone: fc.boolean(), size: fc.integer({ min: 1, max: 5 }) });
  await fc.assert(
    fc
      .asyncProperty(rows, searches, async (calls, { byTimeAlone, size }) => {
        await store(calls);
        const expected = calls.flatMap(({ pbx, key, ...observed }) => {
          const seen = byTimeAlone ? { ...observed, verifiedAt: undefined } : observed;
          const why = suspect(seen, now, { ...limits, unknownMs: stuckCallLimitBounds.maxMs });
          return why === undefined ? [] : [{ pbx, call: key, why }];
        });
        const found = await findAll({ limits, byTimeAlone, now }, size);
        expect(told(found)).toEqual(told(expected));
        expect(found.every(({ seenAt }) => seenAt === now)).toBe(true);
      })
      .beforeEach(clear),
    { numRuns: 100 },
  );
}, 120_000);

it('narrows by tenant, PBX, extension and a stretch of the calls', async () => {
  const old = (now - 60 * minuteMs) as Instant;
  const call = (pbx: string, key: string, extensions: string[] = []): Row => ({
    pbx,
    key,
    status: 'ringing',
    startedAt: old,
    extensions,
  });
  await store([
    call(pbxIds[0], 'a', ['1001']),
    call(pbxIds[0], 'b'),
    call(pbxIds[1], 'c'),
    call(pbxIds[2], 'd'),
  ]);
  const keys = async (search: Partial<SuspectSearch>, page = {}) =>
    (
      await database.run((transaction) =>
        findSuspects(transaction, { limits, now, ...search }, { size: 10, ...page }),
      )
    ).map((found) => String(found.call));
  expect(await keys({})).toEqual(['a', 'b', 'c', 'd']);
  expect(await keys({ tenant: tenantIds[1] as TenantId })).toEqual(['d']);
  expect(await keys({ pbx: pbxIds[0] as PbxId })).toEqual(['a', 'b']);
  expect(await keys({ extension: '1001' as ExtensionNumber })).toEqual(['a']);
  const chosen = [
    { pbx: pbxIds[0] as PbxId, call: callKey('b') },
    { pbx: pbxIds[2] as PbxId, call: callKey('d') },
    { pbx: pbxIds[1] as PbxId, call: callKey('a') },
  ];
  expect(await keys({ calls: chosen })).toEqual(['b', 'd']);
  // Whoever names another tenant's call does not get it.
  expect(await keys({ calls: chosen, tenant: tenantIds[0] as TenantId })).toEqual(['b']);
  const after = { pbx: pbxIds[0], call: 'a' };
  expect(await keys({}, { after, through: { pbx: pbxIds[1], call: 'c' } })).toEqual(['b', 'c']);
});

it('reads the open calls by their partial index, in its order, and not the history', async () => {
  await database.run(async (transaction) => {
    await transaction.query(
      `insert into call (tenant_id, pbx_id, call_key, started_at, word_as_of, word_said, word_rank, word_status,
         extensions, status, ended_at, hangup_cause)
       select $1, $2, 'ended ' || n, now(), n, n, 0, 'ended', '{}', 'ended', now(), 'normal'
       from generate_series(1, 5000) n`,
      [tenantIds[0], pbxIds[0]],
    );
    await transaction.query('analyze call');
  });
  await store([{ pbx: pbxIds[0], key: 'open', status: 'ringing', startedAt: 0 as Instant, extensions: [] }]);
  const [before, after] = await database.run(async (transaction) => {
    const scans = async () => {
      const [seen] = await transaction.query<{ partial: number; rows: number }>(
        `select pg_stat_get_xact_numscans('call_open'::regclass)::integer as partial,
           pg_stat_get_xact_tuples_returned('call'::regclass)::integer as rows`,
      );
      return seen ?? { partial: 0, rows: 0 };
    };
    const before = await scans();
    expect(await findSuspects(transaction, { limits }, { size: 10 })).toHaveLength(1);
    return [before, await scans()];
  });
  expect(after).toEqual({ partial: before.partial + 1, rows: before.rows });
});
