import type { OutboxMessage, Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { testType } from '../event-types.ts';
import { writeWebhookAudit } from './audit.ts';
import type { DisabledReason } from './endpoint.ts';
import { postUpdate } from './post-update.ts';

export interface Disabling {
  readonly endpoint: string;
  readonly reason: DisabledReason;
  readonly by: string;
  readonly detail: string | null;
}

/** What was committed so shortly before may not have become deliveries yet. */
const onTheWay = `interval '1 minute'`;

/**
 * Nothing is sent to it any more, and from here on it misses changes, of which it is told when it is enabled. What was
 * under way is discarded and stays in the log, so that it can be replayed. Its lock is held.
 */
export async function disableEndpoint(
  transaction: Transaction,
  { endpoint, reason, by, detail }: Disabling,
): Promise<OutboxMessage[]> {
  const discarded = await transaction.query<{ readonly createdAt: string }>(
    `update webhook_delivery set status = 'discarded', finished_at = clock_timestamp(),
       error = coalesce(error, 'the webhook was disabled')
     where endpoint_id = $1 and status in ('waiting', 'out', 'retrying') and type <> $2
     returning created_at as "createdAt"`,
    [endpoint, testType],
  );
  const first = discarded.map(({ createdAt }) => new Date(createdAt).toISOString()).sort()[0] ?? null;
  const [row] = await transaction.query<{ readonly tenant: TenantId }>(
    `update webhook_endpoint set state = 'disabled', state_reason = $2, state_since = clock_timestamp(),
       gap_since = least(gap_since, $3::timestamptz, clock_timestamp() - ${onTheWay}), gap_missed = gap_missed + $4,
       revision = revision + 1
     where id = $1 and state = 'enabled'
     returning tenant_id as tenant`,
    [endpoint, reason, first, discarded.length],
  );
  if (row === undefined) return [];
  await writeWebhookAudit(transaction, { tenant: row.tenant, endpoint, action: 'disabled', by, detail });
  return await postUpdate(transaction, endpoint);
}
