import { randomUUID } from 'node:crypto';
import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { testType } from '../event-types.ts';
import { bodyOf } from '../message-deliveries.ts';
import { webhookBounds } from '../webhook-bounds.ts';
import { WebhookError } from '../webhook-error.ts';
import type { DeliveryJob } from '../webhook-queue.ts';
import { lockEndpoint, readEndpoint } from './endpoint.ts';
import { startedAnew } from './enable-endpoint.ts';
import { handOut, lookAfterMs } from './hand-out.ts';
import { readDelivery } from './list-deliveries.ts';

/** Delivers once more what is finished, however it ended: under the same id, so a receiver can tell. */
export async function restartDelivery(
  transaction: Transaction,
  id: string,
  tenant?: TenantId,
): Promise<DeliveryJob[]> {
  const delivery = await readDelivery(transaction, id, tenant);
  await lockEndpoint(transaction, delivery.endpoint);
  const endpoint = await readEndpoint(transaction, delivery.endpoint);
  if (endpoint.state !== 'enabled')
    throw new WebhookError(
      'invalid',
      'The webhook is disabled. Enable it first; it can replay what it missed.',
    );
  if (delivery.type === testType)
    throw new WebhookError('invalid', 'A test is not delivered again. Send another one.');
  const rows = await transaction.query(
    `update webhook_delivery set ${startedAnew} where id = $1 and finished_at is not null returning id`,
    [id],
  );
  if (rows.length === 0)
    throw new WebhookError('invalid', `The delivery ${id} is not finished yet; it is still being tried.`);
  return await handOut(transaction, delivery.endpoint);
}

/** A delivery that says nothing, to see whether the endpoint answers. It is tried once, also where the endpoint is disabled. */
export async function insertTest(
  transaction: Transaction,
  endpoint: string,
  tenant?: TenantId,
): Promise<DeliveryJob> {
  await lockEndpoint(transaction, endpoint, tenant);
  const known = await readEndpoint(transaction, endpoint, tenant);
  const [row] = await transaction.query<{ readonly count: number }>(
    `select count(*)::integer as count from webhook_delivery
     where endpoint_id = $1 and type = $2 and status in ('waiting', 'out', 'retrying')`,
    [endpoint, testType],
  );
  if ((row?.count ?? 0) >= webhookBounds.testsMax)
    throw new WebhookError(
      'limit',
      'Several tests are under way already. Wait for them, or see whether a worker runs.',
    );
  const job: DeliveryJob = { delivery: randomUUID(), round: 1 };
  await transaction.query(
    `insert into webhook_delivery (id, tenant_id, endpoint_id, type, body, status, look_at)
     values ($1, $2, $3, $4, $5, 'out', clock_timestamp() + ${lookAfterMs} * interval '1 millisecond')`,
    [job.delivery, known.tenant, endpoint, testType, bodyOf(testType, new Date(), { endpoint })],
  );
  return job;
}
