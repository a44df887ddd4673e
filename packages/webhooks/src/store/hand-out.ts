import type { Transaction } from '@trunkline/database';
import type { DeliveryJob } from '../webhook-queue.ts';

/** How long a delivery that was handed out may be without a job before somebody looks. */
export const lookAfterMs = 30_000;

/**
 * Gives the free places of an endpoint to those of its deliveries that have waited longest. Whoever calls it holds the
 * lock of the endpoint; what it returns is enqueued after the commit. So a slow endpoint has few jobs, and those of others
 * never stand behind thousands of its own.
 */
export async function handOut(transaction: Transaction, endpoint: string): Promise<DeliveryJob[]> {
  return transaction.query<DeliveryJob>(
    `update webhook_delivery d
     set status = 'out', look_at = clock_timestamp() + ${lookAfterMs} * interval '1 millisecond'
     from (
       select id from webhook_delivery where endpoint_id = $1 and status = 'waiting' order by seq
       limit coalesce((
         select greatest(0, e.parallel - ${underWay('e.id')}) from webhook_endpoint e
         where e.id = $1 and e.state = 'enabled'), 0)
       for update skip locked
     ) next
     where d.id = next.id
     returning d.id as delivery, d.round`,
    [endpoint],
  );
}

export const underWay = (endpoint: string): string =>
  `(select count(*) from webhook_delivery o where o.endpoint_id = ${endpoint} and o.status = 'out')::integer`;
