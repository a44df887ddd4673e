import { randomUUID } from 'node:crypto';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import type { Transaction } from '../transaction.ts';
import { applyEvents } from '../writes/apply-events.ts';
import { closeCalls } from './close-calls.ts';
import { readOpenCalls } from './double-bookings.ts';
import { noteReopened } from './note-reopened.ts';
import type { CallPlace } from './open-call.ts';
import {
  finishLeftBehind,
  finishRuns,
  pruneRunCalls,
  storeRunCalls,
  type RunCall,
  type SweepOutcome,
} from './sweep-runs.ts';
import { fenceWorkLease, releaseWorkLease, takeWorkLease, WorkLeaseLostError } from './work-lease.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((transaction) =>
    transaction.query('truncate call, pbx_floor, call_event, outbox, cleanup_run cascade'),
  ),
);

const run = <Result>(work: (transaction: Transaction) => Promise<Result>) => database.run(work);
const rows = (statement: string) =>
  run((transaction) => transaction.query<Record<string, unknown>>(statement));

const swept = (call: string, outcome: SweepOutcome, tenant = 0): RunCall =>
  ({
    tenant: tenantIds[tenant === 0 ? 0 : 1],
    pbx: pbxIds[tenant === 0 ? 0 : 2],
    call,
    why: 'answered_too_long',
    liveness: 'gone',
    outcome,
    detail: null,
  }) as RunCall;

const store = (sweep: string, ...calls: RunCall[]) =>
  run((transaction) => storeRunCalls(transaction, { sweep, reason: 'schedule' }, calls));

describe('the runs of a sweep', () => {
  it('are one a tenant, with counts, and screens are told', async () => {
    const sweep = randomUUID();
    await store(sweep, swept('a', 'ended'), swept('b', 'alive'), swept('c', 'ended', 1));
    await store(sweep, swept('d', 'ended'));
    const messages = await run((transaction) => finishRuns(transaction, sweep));
    expect(
      await rows(`select tenant_id, kind, reason, counts->>'found' as found, counts->>'ended' as ended,
        counts->>'alive' as alive, finished_at is not null as finished from cleanup_run order by tenant_id`),
    ).toEqual([
      {
        tenant_id: tenantIds[0],
        kind: 'sweep',
        reason: 'schedule',
        found: '3',
        ended: '2',
        alive: '1',
        finished: true,
      },
      {
        tenant_id: tenantIds[1],
        kind: 'sweep',
        reason: 'schedule',
        found: '1',
        ended: '1',
        alive: '0',
        finished: true,
      },
    ]);
    expect(messages.map(({ tenant }) => tenant).sort()).toEqual([...tenantIds]);
    expect(JSON.parse(messages[0]?.payload ?? '')).toMatchObject({ cleanup_run: [{ kind: 'sweep' }] });
  });

  it('keep what is ended when a batch is done again', async () => {
    const sweep = randomUUID();
    await store(sweep, swept('a', 'ended'), swept('b', 'failed'));
    await store(sweep, swept('a', 'overtaken'), swept('b', 'ended'));
    expect(await rows('select call_key, outcome from cleanup_run_call order by 1')).toEqual([
      { call_key: 'a', outcome: 'ended' },
      { call_key: 'b', outcome: 'ended' },
    ]);
  });

  it('that a dead sweep left unfinished are closed by the next one', async () => {
    const [dead, next] = [randomUUID(), randomUUID()];
    await store(dead, swept('a', 'ended'));
    expect(await run((transaction) => finishLeftBehind(transaction, next))).toHaveLength(1);
    expect(await rows(`select counts->>'ended' as ended from cleanup_run`)).toEqual([{ ended: '1' }]);
    expect(await run((transaction) => finishLeftBehind(transaction, next))).toEqual([]);
  });

  it('forget single calls after a while, and keep the counts', async () => {
    const sweep = randomUUID();
    await store(sweep, swept('a', 'ended'), swept('b', 'ended'));
    await run((transaction) => finishRuns(transaction, sweep));
    const prune = (olderThanMs: number) =>
      run((transaction) => pruneRunCalls(transaction, { olderThanMs, max: 10 }));
    expect([await prune(60_000), await prune(0)]).toEqual([0, 2]);
    expect(await rows(`select counts->>'ended' as ended from cleanup_run`)).toEqual([{ ended: '2' }]);
  });
});

describe('a call that a sweep ended and that speaks again', () => {
  it('is told once, in the audit trail and in the next run', async () => {
    const apply = (seq: number, type: string) =>
      run((transaction) => applyEvents(transaction, [said(seq, type, { call: 'a' })]));
    const note = (sweep: string) =>
      run((transaction) => noteReopened(transaction, { sweep, reason: 'schedule' }, 10));
    await apply(1, 'call.connected');
    await run(async (transaction) => {
      const seen = await readOpenCalls(transaction, [{ pbx: pbxIds[0], call: 'a' } as CallPlace]);
      const closing = seen.map((call) => ({ call, why: 'answered_too_long', liveness: 'gone' }) as const);
      await closeCalls(transaction, closing);
      await storeRunCalls(transaction, { sweep: randomUUID(), reason: 'schedule' }, [swept('a', 'ended')]);
    });
    expect(await note(randomUUID())).toEqual([]);
    await apply(2, 'call.held');
    const next = randomUUID();
    expect(await note(next)).toMatchObject([{ call: 'a', status: 'held' }]);
    expect(await note(randomUUID())).toEqual([]);
    expect(
      await rows(`select type, payload::jsonb->>'is' as is from call_event where type = 'sweep.reopened'`),
    ).toEqual([{ type: 'sweep.reopened', is: 'held' }]);
    expect(
      await rows(`select c.why, c.outcome from cleanup_run_call c join cleanup_run r on r.id = c.run_id
        where r.sweep_id = '${next}'`),
    ).toEqual([{ why: 'spoke_again', outcome: 'reopened' }]);
  });
});

describe('a work lease', () => {
  const ttlMs = 60_000;
  const take = (holder: string, forMs = ttlMs, name = 'sweep') =>
    run((transaction) => takeWorkLease(transaction, { name, holder }, forMs));

  it('is held by one alone, however many want it', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(randomUUID(), ttlMs, 'crowd')));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('can be renewed, given back, and taken over when it has expired', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    expect([await take(one), await take(one), await take(other)]).toEqual([true, true, false]);
    await run((transaction) => releaseWorkLease(transaction, { name: 'sweep', holder: one }));
    expect([await take(other, 0), await take(one)]).toEqual([true, true]);
  });

  it('that was taken over fences off whoever held it, and is not taken over under a transaction that fences', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const fence = (holder: string) => (transaction: Transaction) =>
      fenceWorkLease(transaction, { name: 'fenced', holder });
    await take(one, 0, 'fenced');
    let takeover: Promise<boolean> | undefined;
    await run(async (transaction) => {
      await fence(one)(transaction);
      takeover = take(other, ttlMs, 'fenced');
      await expect
        .poll(() =>
          rows(`select from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'work_lease'`),
        )
        .toHaveLength(1);
    });
    expect(await takeover).toBe(true);
    await expect(run(fence(one))).rejects.toThrow(WorkLeaseLostError);
    await run(fence(other));
  });
});
