import {
  limitOf,
  pageOf,
  readCursor,
  type Page,
  type PageRequest,
  type Transaction,
} from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { WebhookError } from '../webhook-error.ts';
import { isUuid, maybeDate } from './endpoint.ts';

export const deliveryStatuses = ['waiting', 'out', 'retrying', 'delivered', 'failed', 'discarded'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export interface WebhookDelivery {
  readonly id: string;
  readonly tenant: TenantId;
  readonly endpoint: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly round: number;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly finishedAt: Date | null;
  /** Of the last attempt. */
  readonly httpStatus: number | null;
  readonly error: string | null;
}

export interface WebhookAttempt {
  readonly round: number;
  readonly number: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly outcome: 'delivered' | 'failed';
  readonly httpStatus: number | null;
  readonly error: string | null;
  /** The beginning of what came back. */
  readonly response: string | null;
}

export interface DeliveryDetail extends WebhookDelivery {
  /** As it is sent, byte for byte. */
  readonly body: string;
  readonly attemptsMade: readonly WebhookAttempt[];
}

export interface DeliveryFilter {
  readonly tenant?: TenantId | undefined;
  readonly endpoint?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly type?: string | undefined;
  readonly since?: Date | undefined;
}

/** A page of the delivery log, newest first. */
export async function listDeliveries(
  transaction: Transaction,
  { tenant, endpoint, status, type, since }: DeliveryFilter = {},
  request: PageRequest = {},
): Promise<Page<WebhookDelivery>> {
  const limit = limitOf(request);
  if (endpoint !== undefined && !isUuid(endpoint)) return { items: [], next: null };
  const after = request.after === undefined ? null : (readCursor(request.after, [seqShape])[0] ?? null);
  const rows = await transaction.query<DeliveryRow & { readonly seq: string }>(
    `select seq::text as seq, ${deliveryColumns} from webhook_delivery
     where ($1::uuid is null or tenant_id = $1) and ($2::uuid is null or endpoint_id = $2)
       and ($3::text is null or status = $3) and ($4::text is null or type = $4)
       and ($5::timestamptz is null or created_at >= $5) and ($6::bigint is null or seq < $6)
     order by seq desc limit $7`,
    [
      tenant ?? null,
      endpoint ?? null,
      status ?? null,
      type ?? null,
      since?.toISOString() ?? null,
      after,
      limit + 1,
    ],
  );
  return pageOf(
    rows,
    limit,
    ({ seq: _seq, ...row }) => deliveryOf(row),
    ({ seq }) => [seq],
  );
}

const seqShape = /^\d{1,19}$/;
const attemptsMax = 200;

/** One delivery with its body and its attempts, the first one first. */
export async function readDelivery(
  transaction: Transaction,
  id: string,
  tenant?: TenantId,
): Promise<DeliveryDetail> {
  const [row] = isUuid(id)
    ? await transaction.query<DeliveryRow & { readonly body: string }>(
        `select ${deliveryColumns}, body from webhook_delivery
         where id = $1 and ($2::uuid is null or tenant_id = $2)`,
        [id, tenant ?? null],
      )
    : [];
  if (row === undefined)
    throw new WebhookError(
      'unknown',
      `There is no delivery ${id}; finished ones are kept for some days only.`,
    );
  const attempts = await transaction.query<Omit<WebhookAttempt, 'at'> & { readonly at: string }>(
    `select round, number, at, duration_ms as "durationMs", outcome, http_status as "httpStatus", error, response
     from webhook_attempt where delivery_id = $1 order by id limit ${attemptsMax}`,
    [id],
  );
  return {
    ...deliveryOf(row),
    body: row.body,
    attemptsMade: attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at) })),
  };
}

const deliveryColumns = `id, tenant_id as tenant, endpoint_id as endpoint, type, status, round, attempts,
  created_at as "createdAt", next_attempt_at as "nextAttemptAt", finished_at as "finishedAt",
  http_status as "httpStatus", error`;

type Dates = 'createdAt' | 'nextAttemptAt' | 'finishedAt';

type DeliveryRow = Omit<WebhookDelivery, Dates> & {
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly finishedAt: string | null;
};

const deliveryOf = <Row extends DeliveryRow>(row: Row) => ({
  ...row,
  createdAt: new Date(row.createdAt),
  nextAttemptAt: row.status === 'retrying' ? maybeDate(row.nextAttemptAt) : null,
  finishedAt: maybeDate(row.finishedAt),
});
