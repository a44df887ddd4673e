import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { gapType } from '../event-types.ts';
import { bodyOf } from '../message-deliveries.ts';
import { backlogOf } from './endpoint.ts';
import { insertDeliveries } from './insert-deliveries.ts';

/** Notes that an endpoint misses changes, from the first that it misses. Its lock is held. */
export async function noteGap(
  transaction: Transaction,
  endpoint: string,
  { since, missed }: { readonly since: Date; readonly missed: number },
): Promise<void> {
  await transaction.query(
    `update webhook_endpoint set gap_since = least(gap_since, $2::timestamptz), gap_missed = gap_missed + $3
     where id = $1`,
    [endpoint, since.toISOString(), missed],
  );
}

/**
 * Tells an endpoint that it has missed something, once it takes what it is sent: nothing fails any more, and the backlog is
 * half of what it may be, so that the next message does not open the next gap. The message goes out after the changes that
 * it speaks of were committed, so whoever reads the state on hearing of it has all of them. Its lock is held.
 */
export async function tellGap(
  transaction: Transaction,
  endpoint: string,
  backlogMax: number,
): Promise<boolean> {
  const [gap] = await transaction.query<GapRow>(
    `select tenant_id as tenant, gap_since as since, gap_missed::text as missed, clock_timestamp() as until
     from webhook_endpoint
     where id = $1 and state = 'enabled' and gap_since is not null and failing_since is null
       and ${backlogOf('webhook_endpoint.id')} <= $2`,
    [endpoint, Math.floor(backlogMax / 2)],
  );
  if (gap === undefined) return false;
  const until = new Date(gap.until);
  const data = {
    since: new Date(gap.since).toISOString(),
    until: until.toISOString(),
    missed: Number(gap.missed),
  };
  await insertDeliveries(transaction, gap.tenant, [
    { endpoint, type: gapType, body: bodyOf(gapType, until, data) },
  ]);
  await transaction.query('update webhook_endpoint set gap_since = null, gap_missed = 0 where id = $1', [
    endpoint,
  ]);
  return true;
}

interface GapRow {
  readonly tenant: TenantId;
  readonly since: string;
  readonly missed: string;
  readonly until: string;
}
