import type { Liveness, TenantId } from '@trunkline/domain';
import { shownCleanupRunColumns } from '../cleanup/cleanup-runs.ts';
import { column, parametersOf, unnested, type Column } from '../columns.ts';
import { changesToPostings } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { changesOf, selectChanges, type ChangesRow } from '../writes/changes.ts';
import type { Reason } from './close-calls.ts';
import type { CallPlace } from './open-call.ts';

/** What became of a call that a sweep looked at. `overtaken`: the PBX spoke of it meanwhile; `reopened`: after its end. */
export const sweepOutcomes = ['ended', 'alive', 'unknown', 'failed', 'overtaken', 'reopened'] as const;
export type SweepOutcome = (typeof sweepOutcomes)[number];

/** One call of a run: what was found, why, what the PBX said, and what was done. */
export interface RunCall extends CallPlace {
  readonly tenant: TenantId;
  readonly why: Reason | 'spoke_again';
  readonly liveness: Liveness | null;
  readonly outcome: SweepOutcome;
  readonly detail: string | null;
}

const columns: readonly Column<RunCall>[] = [
  column('tenant_id', 'uuid', (call: RunCall) => call.tenant),
  column('pbx_id', 'uuid', (call: RunCall) => call.pbx),
  column('call_key', 'text', (call: RunCall) => call.call),
  column('why', 'text', (call: RunCall) => call.why),
  column('liveness', 'text', (call: RunCall) => call.liveness ?? undefined),
  column('outcome', 'text', (call: RunCall) => call.outcome),
  column('detail', 'text', (call: RunCall) => call.detail ?? undefined),
];

const inserting = `
  insert into cleanup_run_call as known (run_id, tenant_id, pbx_id, call_key, why, liveness, outcome, detail)
  select r.id, said.tenant_id, said.pbx_id, said.call_key, said.why, said.liveness, said.outcome, said.detail
  from ${unnested(columns)} join cleanup_run r on r.sweep_id = $${columns.length + 2}::uuid
    and r.tenant_id = said.tenant_id
  on conflict (run_id, pbx_id, call_key, why) do update
    set liveness = excluded.liveness, outcome = excluded.outcome, detail = excluded.detail
    where known.outcome <> 'ended'`;

/**
 * Writes down what became of some calls, in the transaction that did it. A sweep goes through all tenants; each has a run
 * of its own, opened with its first call. Whoever does a batch again changes nothing of what it has ended already.
 */
export async function storeRunCalls(
  transaction: Transaction,
  { sweep, reason }: { readonly sweep: string; readonly reason: string },
  calls: readonly RunCall[],
): Promise<void> {
  if (calls.length === 0) return;
  const tenants = [...new Set(calls.map(({ tenant }) => tenant))].sort();
  await transaction.query(
    `insert into cleanup_run (id, tenant_id, kind, sweep_id, reason)
     select gen_random_uuid(), tenant, 'sweep', $2, $3 from unnest($1::uuid[]) as tenant order by tenant
     on conflict (sweep_id, tenant_id) do nothing`,
    [tenants, sweep, reason],
  );
  await transaction.query(inserting, [...parametersOf(columns, calls), sweep]);
}

const counted = sweepOutcomes
  .map((outcome) => `'${outcome}', count(*) filter (where c.outcome = '${outcome}')`)
  .join(', ');

const finishing = (which: string): string => `
  with changed as (
    update cleanup_run r set finished_at = clock_timestamp(), revision = r.revision + 1, counts = (
      select jsonb_build_object('found', count(*) filter (where c.why <> 'spoke_again'), ${counted})
      from cleanup_run_call c where c.run_id = r.id
    )
    where r.kind = 'sweep' and r.finished_at is null and ${which}
    returning r.*
  )
  ${selectChanges(shownCleanupRunColumns)}`;

/** Counts what the runs of a sweep did, and closes them. The messages are to be relayed after the commit. */
export const finishRuns = (transaction: Transaction, sweep: string): Promise<OutboxMessage[]> =>
  finish(transaction, finishing('r.sweep_id = $1::uuid'), [sweep]);

/** The same for runs that other sweeps left unfinished because they died. Only for whoever holds the lease. */
export const finishLeftBehind = (transaction: Transaction, sweep: string): Promise<OutboxMessage[]> =>
  finish(transaction, finishing('r.sweep_id <> $1::uuid'), [sweep]);

async function finish(
  transaction: Transaction,
  statement: string,
  parameters: readonly unknown[],
): Promise<OutboxMessage[]> {
  const rows = await transaction.query<ChangesRow>(statement, parameters);
  return postOutbox(transaction, changesToPostings({ cleanup_run: rows.map(changesOf) }));
}

/** Forgets what became of single calls long ago; the runs and their counts stay. Returns how many went. */
export async function pruneRunCalls(
  transaction: Transaction,
  { olderThanMs, max }: { readonly olderThanMs: number; readonly max: number },
): Promise<number> {
  const rows = await transaction.query(
    `delete from cleanup_run_call where (run_id, pbx_id, call_key, why) in (
       select run_id, pbx_id, call_key, why from cleanup_run_call
       where at < now() - $1::float8 * interval '1 millisecond' order by at limit $2
     ) returning run_id`,
    [olderThanMs, max],
  );
  return rows.length;
}
