import { column, parametersOf, unnested } from '../columns.ts';
import type { Transaction } from '../transaction.ts';
import { observed } from './observed.ts';
import type { OpenCall } from './open-call.ts';

const columns = [...observed, column('seen_at', 'instant', (call: OpenCall) => call.seenAt)];

/** Rows are locked in the order of their keys, as everybody does. */
const statement = `
  with alive as (
    select c.pbx_id, c.call_key, to_timestamp(said.seen_at / 1000) as at from ${unnested(columns)}
    join call c on c.pbx_id = said.pbx_id and c.call_key = said.call_key
    where c.status <> 'ended'
    order by c.pbx_id, c.call_key for update of c
  )
  update call c set verified_at = greatest(c.verified_at, alive.at)
  from alive where c.pbx_id = alive.pbx_id and c.call_key = alive.call_key`;

/**
 * [STUCK2] The PBX says that these calls are alive: they were well when they were looked at. No screen shows it, so the
 * row's revision stays.
 */
export async function markVerified(transaction: Transaction, calls: readonly OpenCall[]): Promise<void> {
  if (calls.length > 0) await transaction.query(statement, parametersOf(columns, calls));
}
