import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { WebhookError } from '../webhook-error.ts';

/** Why an endpoint is disabled: it failed for too long, it answered 410, or somebody wanted it. */
export type DisabledReason = 'failing' | 'gone' | 'asked';

export interface WebhookEndpoint {
  readonly id: string;
  readonly tenant: TenantId;
  readonly url: string;
  readonly description: string | null;
  /** Null for all. */
  readonly types: readonly string[] | null;
  readonly pbxs: readonly string[] | null;
  readonly parallel: number;
  readonly state: 'enabled' | 'disabled';
  readonly stateReason: DisabledReason | null;
  readonly stateSince: Date;
  /** Since when nothing succeeds; null while all is well. */
  readonly failingSince: Date | null;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastError: string | null;
  /** Since when changes may have been missed; null where that was told. */
  readonly gapSince: Date | null;
  readonly gapMissed: number;
  /** Deliveries that wait, are under way or are retried. */
  readonly backlog: number;
  readonly createdAt: Date;
  readonly revision: number;
}

export interface EndpointFilter {
  readonly tenant?: TenantId | undefined;
  readonly id?: string | undefined;
}

/** The oldest first: where they were added. A tenant has few, so they are not paged. */
export async function listEndpoints(
  transaction: Transaction,
  { tenant, id }: EndpointFilter = {},
): Promise<WebhookEndpoint[]> {
  const rows = await transaction.query<EndpointRow>(
    `select ${endpointColumns} from webhook_endpoint e
     where ($1::uuid is null or e.tenant_id = $1) and ($2::uuid is null or e.id = $2)
     order by e.created_at, e.id`,
    [tenant ?? null, id ?? null],
  );
  return rows.map(endpointOf);
}

export async function readEndpoint(
  transaction: Transaction,
  id: string,
  tenant?: TenantId,
): Promise<WebhookEndpoint> {
  const [found] = isUuid(id) ? await listEndpoints(transaction, { id, tenant }) : [];
  if (found === undefined) throw new WebhookError('unknown', `There is no webhook ${id}.`);
  return found;
}

/** Locks an endpoint before its deliveries, always in this order. */
export async function lockEndpoint(transaction: Transaction, id: string, tenant?: TenantId): Promise<void> {
  const rows = isUuid(id)
    ? await transaction.query(
        `select from webhook_endpoint where id = $1 and ($2::uuid is null or tenant_id = $2) for no key update`,
        [id, tenant ?? null],
      )
    : [];
  if (rows.length === 0) throw new WebhookError('unknown', `There is no webhook ${id}.`);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);

const pending = `d.status in ('waiting', 'out', 'retrying')`;

/** The deliveries of endpoint e that are not finished, counted in an index that holds no others. */
export const backlogOf = (endpoint: string): string =>
  `(select count(*) from webhook_delivery d where d.endpoint_id = ${endpoint} and ${pending})::integer`;

const endpointColumns = `e.id, e.tenant_id as tenant, e.url, e.description, to_json(e.types)::text as types,
  to_json(e.pbx_ids)::text as pbxs, e.parallel, e.state, e.state_reason as "stateReason", e.state_since as "stateSince",
  e.failing_since as "failingSince", e.failures, e.last_success_at as "lastSuccessAt",
  e.last_failure_at as "lastFailureAt", e.last_error as "lastError", e.gap_since as "gapSince",
  e.gap_missed::text as "gapMissed", ${backlogOf('e.id')} as backlog, e.created_at as "createdAt", e.revision`;

type Dates = 'stateSince' | 'failingSince' | 'lastSuccessAt' | 'lastFailureAt' | 'gapSince' | 'createdAt';

type EndpointRow = Omit<WebhookEndpoint, Dates | 'types' | 'pbxs' | 'gapMissed'> & {
  readonly [Name in Dates]: WebhookEndpoint[Name] extends Date ? string : string | null;
} & { readonly types: string | null; readonly pbxs: string | null; readonly gapMissed: string };

const endpointOf = (row: EndpointRow): WebhookEndpoint => ({
  ...row,
  types: parsed(row.types),
  pbxs: parsed(row.pbxs),
  gapMissed: Number(row.gapMissed),
  stateSince: new Date(row.stateSince),
  failingSince: maybeDate(row.failingSince),
  lastSuccessAt: maybeDate(row.lastSuccessAt),
  lastFailureAt: maybeDate(row.lastFailureAt),
  gapSince: maybeDate(row.gapSince),
  createdAt: new Date(row.createdAt),
});

const parsed = (json: string | null): string[] | null =>
  json === null ? null : (JSON.parse(json) as string[]);

export const maybeDate = (text: string | null): Date | null => (text === null ? null : new Date(text));
