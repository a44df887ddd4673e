import type { OutboxMessage, Transaction } from '@trunkline/database';
import { gapType, testType } from '../event-types.ts';
import type { Verdict } from '../verdict.ts';
import { webhookBounds } from '../webhook-bounds.ts';
import type { DeliveryJob } from '../webhook-queue.ts';
import type { ClaimedDelivery } from './claim-delivery.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import type { DisabledReason } from './endpoint.ts';
import { noteGap, tellGap } from './gap.ts';
import { handOut, lookAfterMs } from './hand-out.ts';

export interface Attempt {
  readonly delivery: ClaimedDelivery;
  readonly at: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly response: string | null;
  readonly verdict: Verdict;
  /** Null where no further attempt is made. */
  readonly retryInMs: number | null;
}

export interface SettleBounds {
  readonly disableAfterMs: number;
  readonly backlogMax: number;
}

export interface Settled {
  /** `overtaken`: somebody else has settled it, or it was removed. */
  readonly outcome: 'delivered' | 'retrying' | 'failed' | 'discarded' | 'overtaken';
  readonly disabled: DisabledReason | null;
  /** To be enqueued after the commit. */
  readonly jobs: readonly DeliveryJob[];
  /** To be relayed after the commit. */
  readonly messages: readonly OutboxMessage[];
}

const overtaken: Settled = { outcome: 'overtaken', disabled: null, jobs: [], messages: [] };

/**
 * Writes down how an attempt went and what follows from it: for the delivery, for its endpoint, and for whoever waits for
 * its place. A success counts whoever tells it and however late; of two failures of one attempt the second is only logged.
 */
export async function settleDelivery(
  transaction: Transaction,
  attempt: Attempt,
  bounds: SettleBounds,
): Promise<Settled> {
  const { endpoint, type } = attempt.delivery;
  const locked = await transaction.query<{ readonly state: string }>(
    'select state from webhook_endpoint where id = $1 for no key update',
    [endpoint],
  );
  if (locked.length === 0) return overtaken;
  await writeAttempt(transaction, attempt);
  const outcome = await writeOutcome(transaction, attempt);
  if (outcome === 'overtaken') return overtaken;
  // A test says nothing of how the endpoint does with what it is really for.
  if (type === testType) return { ...overtaken, outcome };
  const disabled = await noteOnEndpoint(transaction, attempt, bounds);
  if (outcome === 'failed') await noteGap(transaction, endpoint, missedBy(attempt.delivery));
  if (outcome === 'delivered') await tellGap(transaction, endpoint, bounds.backlogMax);
  const messages = disabled === null ? [] : await giveUp(transaction, attempt, disabled);
  const became = disabled !== null && outcome === 'retrying' ? 'discarded' : outcome;
  return { outcome: became, disabled, jobs: await handOut(transaction, endpoint), messages };
}

async function writeAttempt(transaction: Transaction, attempt: Attempt): Promise<void> {
  const { delivery, at, durationMs, verdict, httpStatus, response } = attempt;
  await transaction.query(
    `insert into webhook_attempt
       (tenant_id, delivery_id, round, number, at, duration_ms, outcome, http_status, error, response)
     select $1, d.id, $3, $4, $5::timestamptz, $6, $7, $8, $9, $10 from webhook_delivery d where d.id = $2`,
    [
      delivery.tenant,
      delivery.id,
      delivery.round,
      delivery.attempts + 1,
      at.toISOString(),
      Math.round(durationMs),
      verdict.kind === 'delivered' ? 'delivered' : 'failed',
      httpStatus,
      errorOf(verdict),
      response === null ? null : storable(response, webhookBounds.responseBytesMax),
    ],
  );
}

async function writeOutcome(transaction: Transaction, attempt: Attempt): Promise<Settled['outcome']> {
  const { delivery, verdict, retryInMs, httpStatus } = attempt;
  const outcome = verdict.kind === 'delivered' ? 'delivered' : retryInMs === null ? 'failed' : 'retrying';
  const rows = await transaction.query(
    `update webhook_delivery set status = $3::text, attempts = $4::integer + 1, http_status = $5, error = $6,
       next_attempt_at = clock_timestamp() + $7::float8 * interval '1 millisecond',
       look_at = clock_timestamp() + ($7::float8 + ${lookAfterMs}) * interval '1 millisecond',
       finished_at = case when $3::text = 'retrying' then null else clock_timestamp() end
     where id = $1 and round = $2 and
       case when $3::text = 'delivered' then status <> 'delivered' else status = 'out' and attempts = $4::integer end
     returning id`,
    [delivery.id, delivery.round, outcome, delivery.attempts, httpStatus, errorOf(verdict), retryInMs],
  );
  return rows.length === 0 ? 'overtaken' : outcome;
}

/** Counts for or against the endpoint. Gives the reason where it is to be given up. */
async function noteOnEndpoint(
  transaction: Transaction,
  { delivery: { endpoint }, verdict }: Attempt,
  { disableAfterMs }: SettleBounds,
): Promise<DisabledReason | null> {
  if (verdict.kind === 'delivered') {
    await transaction.query(
      `update webhook_endpoint set last_success_at = clock_timestamp(), failing_since = null, failures = 0
       where id = $1`,
      [endpoint],
    );
    return null;
  }
  const [row] = await transaction.query<{ readonly tooLong: boolean; readonly state: string }>(
    `update webhook_endpoint set last_failure_at = clock_timestamp(), last_error = $2, failures = failures + 1,
       failing_since = coalesce(failing_since, clock_timestamp())
     where id = $1
     returning state, failing_since < clock_timestamp() - $3::float8 * interval '1 millisecond'
       and failures >= ${webhookBounds.failuresBeforeDisablingMin} as "tooLong"`,
    [endpoint, errorOf(verdict), disableAfterMs],
  );
  if (row?.state !== 'enabled') return null;
  if (verdict.kind === 'gone') return 'gone';
  return row.tooLong ? 'failing' : null;
}

async function giveUp(
  transaction: Transaction,
  { delivery: { endpoint }, verdict }: Attempt,
  reason: DisabledReason,
): Promise<OutboxMessage[]> {
  const detail =
    reason === 'gone'
      ? errorOf(verdict)
      : `every delivery failed for long; the last one: ${errorOf(verdict)}`;
  return await disableEndpoint(transaction, { endpoint, reason, by: 'trunkline', detail });
}

/** A gap message that is given up leaves the gap that it told of. */
function missedBy({ type, body, createdAt }: ClaimedDelivery): {
  readonly since: Date;
  readonly missed: number;
} {
  if (type !== gapType) return { since: createdAt, missed: 1 };
  const { data } = JSON.parse(body) as { readonly data: { readonly since: string; readonly missed: number } };
  return { since: new Date(data.since), missed: data.missed };
}

const errorOf = (verdict: Verdict): string | null =>
  verdict.kind === 'delivered' ? null : storable(verdict.error, webhookBounds.errorLengthMax);

const storable = (text: string, lengthMax: number): string =>
  text.slice(0, lengthMax).replaceAll('\0', '\u2400').toWellFormed();
