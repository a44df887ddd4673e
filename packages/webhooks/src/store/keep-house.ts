import type { Transaction } from '@trunkline/database';
import type { DeliveryJob } from '../webhook-queue.ts';
import { handOut, underWay } from './hand-out.ts';

/** Looked at in one turn; the others come with the next ones. */
const lookedAtMax = 500;

/** What has a job is not looked at again for so long, so that those whose jobs were lost come to their turn. */
const lookAgainMs = 60_000;

/**
 * Deliveries that should have a job by now. Most have one that waits for its turn; where Redis lost it, a new one is made.
 * So nothing is lost with Redis, and a retry whose job is gone is late by `lookAfterMs` and a turn at most.
 */
export async function overdueDeliveries(transaction: Transaction): Promise<DeliveryJob[]> {
  return transaction.query<DeliveryJob>(
    `update webhook_delivery d set look_at = clock_timestamp() + ${lookAgainMs} * interval '1 millisecond'
     from (
       select id from webhook_delivery where status in ('out', 'retrying') and look_at <= clock_timestamp()
       order by look_at limit ${lookedAtMax} for update skip locked
     ) overdue
     where d.id = overdue.id
     returning d.id as delivery, d.round`,
  );
}

/** They were looked at in vain, since Redis went away meanwhile: the next turn looks again. */
export async function lookAgainSoon(transaction: Transaction, jobs: readonly DeliveryJob[]): Promise<void> {
  await transaction.query(
    `update webhook_delivery set look_at = clock_timestamp()
     where id = any($1::uuid[]) and status in ('out', 'retrying')`,
    [jobs.map(({ delivery }) => delivery)],
  );
}

/** Endpoints with free places and deliveries that wait for one: a crash or a change of settings left them so. */
export async function handOutLeftovers(transaction: Transaction): Promise<DeliveryJob[]> {
  const endpoints = await transaction.query<{ readonly id: string }>(
    `select e.id from webhook_endpoint e
     where e.state = 'enabled'
       and exists (select from webhook_delivery d where d.endpoint_id = e.id and d.status = 'waiting')
       and ${underWay('e.id')} < e.parallel
     order by e.id limit ${lookedAtMax} for no key update skip locked`,
  );
  const jobs: DeliveryJob[] = [];
  for (const { id } of endpoints) jobs.push(...(await handOut(transaction, id)));
  return jobs;
}

/** Deleted in one turn. */
const prunedMax = 5_000;

/** Forgets finished deliveries, with their attempts. Returns how many; there may be more. */
export async function pruneDeliveries(transaction: Transaction, keptMs: number): Promise<number> {
  const rows = await transaction.query(
    `delete from webhook_delivery where id in (
       select id from webhook_delivery
       where finished_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
       order by finished_at limit ${prunedMax} for update skip locked)
     returning id`,
    [keptMs],
  );
  return rows.length;
}

export interface WebhookCounts {
  readonly waiting: number;
  readonly out: number;
  readonly retrying: number;
  readonly disabled: number;
  readonly enabled: number;
  /** How long the oldest delivery that was not tried yet has waited. */
  readonly oldestWaitingSeconds: number;
}

export async function countWebhooks(transaction: Transaction): Promise<WebhookCounts> {
  const [row] = await transaction.query<WebhookCounts>(
    `select
       count(*) filter (where status = 'waiting')::integer as waiting,
       count(*) filter (where status = 'out')::integer as out,
       count(*) filter (where status = 'retrying')::integer as retrying,
       coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where status = 'waiting')), 0)::float8
         as "oldestWaitingSeconds",
       (select count(*) from webhook_endpoint where state = 'enabled')::integer as enabled,
       (select count(*) from webhook_endpoint where state = 'disabled')::integer as disabled
     from webhook_delivery where status in ('waiting', 'out', 'retrying')`,
  );
  return row ?? { waiting: 0, out: 0, retrying: 0, disabled: 0, enabled: 0, oldestWaitingSeconds: 0 };
}
