import type { Database, OutboxMessage, Page, PageRequest, Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import type { EndpointWishes } from './endpoint-wishes.ts';
import { listWebhookAudit, type AuditEntry } from './store/audit.ts';
import { insertTest, restartDelivery } from './store/deliver-again.ts';
import { disableEndpoint } from './store/disable-endpoint.ts';
import { enableEndpoint } from './store/enable-endpoint.ts';
import { listEndpoints, lockEndpoint, readEndpoint, type WebhookEndpoint } from './store/endpoint.ts';
import {
  listDeliveries,
  readDelivery,
  type DeliveryDetail,
  type DeliveryFilter,
  type WebhookDelivery,
} from './store/list-deliveries.ts';
import {
  changeEndpoint,
  deleteEndpoint,
  insertEndpoint,
  replaceSecret,
  type AddedEndpoint,
  type NewEndpoint,
  type Written,
} from './store/write-endpoint.ts';
import type { TargetPolicy } from './target/target-policy.ts';
import { WebhookError } from './webhook-error.ts';
import type { WebhookKeys } from './webhook-keys.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export interface WebhooksOptions {
  readonly database: Database;
  readonly queue: Pick<WebhookQueue, 'enqueue'>;
  /** Undefined where none is set: then nothing can be done that needs a secret. */
  readonly keys: WebhookKeys | undefined;
  readonly policy: TargetPolicy;
  /** Takes what was committed to the screens. What it can't take, the outbox's janitor will. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly backlogMax?: number;
}

/** Who asks: `tenant` narrows what can be found, and `by` is named in the audit. */
export interface Asking {
  readonly tenant?: TenantId | undefined;
  readonly by: string;
}

/** What API and command line do with webhooks. What makes no sense is refused with a `WebhookError`. */
export interface Webhooks {
  addEndpoint(endpoint: NewEndpoint, by: string): Promise<AddedEndpoint>;
  listEndpoints(tenant?: TenantId): Promise<WebhookEndpoint[]>;
  readEndpoint(id: string, tenant?: TenantId): Promise<WebhookEndpoint>;
  /** What was done with it, the newest first; also when it is removed. */
  readAudit(id: string, tenant?: TenantId): Promise<AuditEntry[]>;
  updateEndpoint(id: string, wishes: EndpointWishes, asking: Asking): Promise<WebhookEndpoint>;
  /** Gives the new secret. The old one signs beside it for a day. */
  rotateSecret(id: string, asking: Asking): Promise<string>;
  disableEndpoint(id: string, asking: Asking): Promise<WebhookEndpoint>;
  /** Begins to send again; what failed or was discarded since `replaySince` is delivered again. */
  enableEndpoint(
    id: string,
    asking: Asking & { readonly replaySince?: Date | undefined },
  ): Promise<{ readonly endpoint: WebhookEndpoint; readonly replayed: number }>;
  /** Its deliveries go with it. */
  removeEndpoint(id: string, asking: Asking): Promise<WebhookEndpoint>;
  listDeliveries(filter?: DeliveryFilter, page?: PageRequest): Promise<Page<WebhookDelivery>>;
  readDelivery(id: string, tenant?: TenantId): Promise<DeliveryDetail>;
  redeliver(id: string, tenant?: TenantId): Promise<void>;
  /** Gives the id of the delivery, by which its outcome can be read. */
  sendTest(id: string, tenant?: TenantId): Promise<string>;
}

const backlogMaxDefault = 10_000;

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { database, queue, policy, relay, backlogMax = backlogMaxDefault } = options;

  const read = <Result>(work: (transaction: Transaction) => Promise<Result>, tenant?: TenantId) =>
    tenant === undefined
      ? database.run(work)
      : database.forTenant(tenant, (_em, transaction) => work(transaction));

  async function write<Result>(
    work: (transaction: Transaction) => Promise<Written<Result>>,
  ): Promise<Result> {
    const { result, messages } = await database.run(work);
    // It is committed; screens hear of it through the janitor if not now.
    if (messages.length > 0) await relay(messages).catch(() => undefined);
    return result;
  }

  function keys(): WebhookKeys {
    if (options.keys !== undefined) return options.keys;
    throw new WebhookError(
      'invalid',
      'TRUNKLINE_WEBHOOK_KEY is not set, and without it no secret can be kept. Set it to the same value as for the webhook-worker.',
    );
  }

  return {
    addEndpoint: (endpoint, by) => write((tx) => insertEndpoint(tx, endpoint, { policy, keys: keys(), by })),
    listEndpoints: (tenant) => read((tx) => listEndpoints(tx, { tenant }), tenant),
    readEndpoint: (id, tenant) => read((tx) => readEndpoint(tx, id, tenant), tenant),
    readAudit: (id, tenant) => read((tx) => listWebhookAudit(tx, id, tenant), tenant),
    updateEndpoint: (id, wishes, { tenant, by }) =>
      write((tx) => changeEndpoint(tx, { id, tenant, by }, wishes, policy)),
    rotateSecret: (id, { tenant, by }) => database.run((tx) => replaceSecret(tx, { id, tenant, by }, keys())),
    disableEndpoint: (id, { tenant, by }) =>
      write(async (tx) => {
        await lockEndpoint(tx, id, tenant);
        const messages = await disableEndpoint(tx, { endpoint: id, reason: 'asked', by, detail: null });
        return { result: await readEndpoint(tx, id, tenant), messages };
      }),
    async enableEndpoint(id, { tenant, by, replaySince }) {
      const enabled = await write((tx) =>
        enableEndpoint(tx, { id, tenant, by }, { replaySince, backlogMax }),
      );
      await queue.enqueue(enabled.jobs);
      return { endpoint: enabled.endpoint, replayed: enabled.replayed };
    },
    removeEndpoint: (id, { tenant, by }) => write((tx) => deleteEndpoint(tx, { id, tenant, by })),
    listDeliveries: (filter = {}, page = {}) => read((tx) => listDeliveries(tx, filter, page), filter.tenant),
    readDelivery: (id, tenant) => read((tx) => readDelivery(tx, id, tenant), tenant),
    async redeliver(id, tenant) {
      await queue.enqueue(await database.run((tx) => restartDelivery(tx, id, tenant)));
    },
    async sendTest(id, tenant) {
      const job = await database.run((tx) => insertTest(tx, id, tenant));
      await queue.enqueue([job]);
      return job.delivery;
    },
  };
}
