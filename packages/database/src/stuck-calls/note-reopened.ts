import type { Instant } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { writeAudit } from '../writes/write-audit.ts';
import { openCallColumns, openCallOf, type OpenCall, type OpenCallRow } from './open-call.ts';
import { storeRunCalls } from './sweep-runs.ts';

/** By which the audit trail tells that a call which a sweep had ended spoke again. */
export const sweepReopenedType = 'sweep.reopened';

/** From the side of the open calls, each of which has few rows here, so that the cost follows them alone. */
const speaking = `
  with again as (
    update cleanup_run_call e set spoke_again_at = clock_timestamp()
    from call c
    where c.status <> 'ended' and e.pbx_id = c.pbx_id and e.call_key = c.call_key
      and e.outcome = 'ended' and e.spoke_again_at is null
      and (c.pbx_id, c.call_key) in (
        select o.pbx_id, o.call_key from call o
        where o.status <> 'ended' and exists (
          select from cleanup_run_call x where x.pbx_id = o.pbx_id and x.call_key = o.call_key
            and x.outcome = 'ended' and x.spoke_again_at is null
        )
        order by o.pbx_id, o.call_key limit $1
      )
    returning c.pbx_id, c.call_key, e.at as ended_at
  )
  select distinct on (c.pbx_id, c.call_key) ${openCallColumns('clock_timestamp()')},
    floor(extract(epoch from again.ended_at) * 1000)::bigint as swept_at_ms
  from again join call c on c.pbx_id = again.pbx_id and c.call_key = again.call_key
  order by c.pbx_id, c.call_key, again.ended_at desc`;

/**
 * Calls that a sweep had ended and that are open again, because the PBX spoke of them: each is told once, in the audit
 * trail and in the run at hand. At most `max`; the next sweep tells the rest.
 */
export async function noteReopened(
  transaction: Transaction,
  run: { readonly sweep: string; readonly reason: string },
  max: number,
): Promise<OpenCall[]> {
  const rows = await transaction.query<OpenCallRow & { swept_at_ms: string }>(speaking, [max]);
  const calls = rows.map(openCallOf);
  await writeAudit(
    transaction,
    rows.map((row, index) => auditOf(calls[index] ?? openCallOf(row), Number(row.swept_at_ms) as Instant)),
  );
  await storeRunCalls(
    transaction,
    run,
    calls.map(({ tenant, pbx, call }) => ({
      tenant,
      pbx,
      call,
      why: 'spoke_again',
      liveness: null,
      outcome: 'reopened',
      detail: null,
    })),
  );
  return calls;
}

function auditOf({ tenant, pbx, call, status, word, seenAt }: OpenCall, sweptAt: Instant) {
  const payload = { call, at: seenAt, is: status, endedBySweepAt: sweptAt };
  return {
    tenant,
    pbx,
    subject: call,
    version: word.said,
    at: seenAt,
    type: sweepReopenedType,
    payload: JSON.stringify(payload),
    traceparent: undefined,
  };
}
