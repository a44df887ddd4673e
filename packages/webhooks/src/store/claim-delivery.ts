import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { testType } from '../event-types.ts';
import type { DeliveryJob } from '../webhook-queue.ts';
import { lookAfterMs, underWay } from './hand-out.ts';
import { sealedSecrets } from './secrets.ts';

export interface ClaimedDelivery {
  readonly id: string;
  readonly round: number;
  readonly tenant: TenantId;
  readonly endpoint: string;
  readonly type: string;
  readonly body: string;
  readonly url: string;
  readonly createdAt: Date;
  /** Made in this round so far. */
  readonly attempts: number;
  readonly sealedSecrets: readonly string[];
}

export type Claim =
  | { readonly kind: 'go'; readonly delivery: ClaimedDelivery }
  /** Finished or removed, or started anew under another job. */
  | { readonly kind: 'over' }
  /** Its time has not come. */
  | { readonly kind: 'early'; readonly waitMs: number }
  /** As many deliveries of its endpoint as may be are under way. */
  | { readonly kind: 'busy' };

/** A job may come a little before its time: clocks differ. */
const earlyMs = 1_000;

/** Asks whether an attempt may be made now. Retries need a place among those under way; what was handed out has one. */
export async function claimDelivery(
  transaction: Transaction,
  { delivery: id, round }: DeliveryJob,
): Promise<Claim> {
  const [row] = await transaction.query<Row>(
    `select d.id, d.round, d.tenant_id as tenant, d.endpoint_id as endpoint, d.type, d.body, e.url, e.state, d.status,
       d.created_at as "createdAt", d.attempts,
       greatest(0, extract(epoch from d.next_attempt_at - clock_timestamp()) * 1000)::float8 as "waitMs"
     from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id
     where d.id = $1 and d.round = $2`,
    [id, round],
  );
  if (row === undefined) return { kind: 'over' };
  const { status, state, waitMs, createdAt, ...delivery } = row;
  if (status !== 'out' && status !== 'retrying') return { kind: 'over' };
  if (state !== 'enabled' && delivery.type !== testType) return await discard(transaction, id);
  if (status === 'retrying' && (waitMs ?? 0) > earlyMs) return { kind: 'early', waitMs: waitMs ?? 0 };
  if (!(await takePlace(transaction, id, delivery.endpoint, status)))
    return status === 'retrying' ? { kind: 'busy' } : { kind: 'over' };
  const secrets = await sealedSecrets(transaction, delivery.endpoint);
  return {
    kind: 'go',
    delivery: { ...delivery, createdAt: new Date(createdAt), sealedSecrets: secrets },
  };
}

async function takePlace(
  transaction: Transaction,
  id: string,
  endpoint: string,
  status: 'out' | 'retrying',
): Promise<boolean> {
  if (status === 'retrying')
    await transaction.query('select from webhook_endpoint where id = $1 for no key update', [endpoint]);
  const rows = await transaction.query(
    `update webhook_delivery set status = 'out',
       look_at = clock_timestamp() + ${lookAfterMs} * interval '1 millisecond'
     where id = $1 and status = $2 and (status = 'out' or
       ${underWay('$3')} < (select parallel from webhook_endpoint where id = $3))
     returning id`,
    [id, status, endpoint],
  );
  return rows.length > 0;
}

/** Its endpoint was disabled while it was being handed out. The gap was noted with the disabling. */
async function discard(transaction: Transaction, id: string): Promise<Claim> {
  await transaction.query(
    `update webhook_delivery set status = 'discarded', finished_at = clock_timestamp(),
       error = 'the webhook is disabled'
     where id = $1 and status in ('out', 'retrying')`,
    [id],
  );
  return { kind: 'over' };
}

type Row = Omit<ClaimedDelivery, 'createdAt' | 'sealedSecrets'> & {
  readonly status: string;
  readonly state: string;
  readonly createdAt: string;
  readonly waitMs: number | null;
};
