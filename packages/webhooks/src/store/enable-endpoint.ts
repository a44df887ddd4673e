import type { Transaction } from '@trunkline/database';
import type { DeliveryJob } from '../webhook-queue.ts';
import { writeWebhookAudit } from './audit.ts';
import { lockEndpoint, readEndpoint, type WebhookEndpoint } from './endpoint.ts';
import { tellGap } from './gap.ts';
import { handOut } from './hand-out.ts';
import { postUpdate } from './post-update.ts';
import type { EndpointAddress, Written } from './write-endpoint.ts';

export interface EnableOptions {
  /** What failed or was discarded since then is delivered again, up to the bound of a backlog. */
  readonly replaySince?: Date | undefined;
  readonly backlogMax: number;
}

export interface EnabledEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly replayed: number;
  readonly jobs: readonly DeliveryJob[];
}

/** Begins to send again, and tells the endpoint that it has missed something meanwhile. */
export async function enableEndpoint(
  transaction: Transaction,
  { id, tenant, by }: EndpointAddress,
  { replaySince, backlogMax }: EnableOptions,
): Promise<Written<EnabledEndpoint>> {
  await lockEndpoint(transaction, id, tenant);
  const known = await readEndpoint(transaction, id, tenant);
  const isNews = known.state !== 'enabled';
  if (isNews) {
    await transaction.query(
      `update webhook_endpoint set state = 'enabled', state_reason = null, state_since = clock_timestamp(),
         failing_since = null, failures = 0, revision = revision + 1
       where id = $1`,
      [id],
    );
    await tellGap(transaction, id, backlogMax);
  }
  const replayed = replaySince === undefined ? 0 : await replay(transaction, id, replaySince, backlogMax);
  if (isNews || replayed > 0) {
    const detail =
      replaySince === undefined ? null : `${replayed} deliveries since ${replaySince.toISOString()}`;
    await writeWebhookAudit(transaction, {
      tenant: known.tenant,
      endpoint: id,
      action: 'enabled',
      by,
      detail,
    });
  }
  const jobs = await handOut(transaction, id);
  const messages = isNews ? await postUpdate(transaction, id) : [];
  return { result: { endpoint: await readEndpoint(transaction, id), replayed, jobs }, messages };
}

/** The newest of them where they are too many. */
async function replay(transaction: Transaction, id: string, since: Date, max: number): Promise<number> {
  const rows = await transaction.query(
    `update webhook_delivery set ${startedAnew}
     where id in (
       select id from webhook_delivery
       where endpoint_id = $1 and status in ('failed', 'discarded') and created_at >= $2::timestamptz
       order by seq desc limit $3)
     returning id`,
    [id, since.toISOString(), max],
  );
  return rows.length;
}

/** A new round has a job of its own, since the one of the round before may still lie among the failed ones. */
export const startedAnew = `status = 'waiting', round = round + 1, attempts = 0, finished_at = null,
  next_attempt_at = null, look_at = null`;
