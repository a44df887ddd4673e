import {
  applyEvents,
  OutboxRelay,
  wantSnapshot,
  type AppliedEvents,
  type Database,
  type Deliver,
  type Transaction,
} from '@trunkline/database';
import {
  createConsumer,
  type Consumer,
  type ConsumerOptions,
  type ConsumerTuning,
  type EventBatch,
  type RedisOpener,
  type Resync,
} from '@trunkline/event-stream';
import type { Logger, Metrics } from '@trunkline/service-kit';
import { heardCodec, heardOf, type Heard } from './codec.ts';
import type { IngestGroup } from './ingest-groups.ts';

export interface IngestOptions {
  readonly group: IngestGroup;
  readonly database: Database;
  readonly redis: RedisOpener;
  readonly prefix: string;
  readonly shards: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes what was committed to the screens. Where it fails, the outbox keeps it for the janitor. */
  readonly deliver: Deliver;
  /** How long a lost link may take to come back before what it left behind is cleaned up. */
  readonly graceMs?: number;
  readonly replica?: string;
  readonly tuning?: Partial<ConsumerTuning>;
  /** Called after each commit, before its messages are relayed. May be lost with the process, so it can only tell. */
  readonly onApplied?: (applied: AppliedEvents, events: number) => void;
  readonly onProgress?: () => void;
}

/**
 * The whole way from the streams to the tables in one group: a batch becomes state, audit and outbox in the transaction
 * that moves the offset, and its messages are relayed once that has committed.
 */
export function createIngest(options: IngestOptions): Consumer {
  const { group, database, redis, prefix, shards, logger, metrics, tuning, replica, onProgress } = options;
  const relay = new OutboxRelay(database, options.deliver);
  const consumed: ConsumerOptions<Heard, Transaction> = {
    group: group.name,
    wants: (type) => group.wants(type),
    prefix,
    shards,
    transactions: database,
    redis,
    codec: heardCodec,
    logger,
    metrics,
    apply: async (batch, transaction) => {
      const applied = await applyBatch(batch, transaction, options.graceMs);
      return async () => {
        options.onApplied?.(applied, batch.events.length);
        await relay.relay(applied.messages);
      };
    },
    resync: wishSnapshots,
    ...(tuning && { tuning }),
    ...(replica !== undefined && { replica }),
    ...(onProgress && { onProgress }),
  };
  return createConsumer(consumed);
}

async function applyBatch(
  { events, refuse }: EventBatch<Heard>,
  transaction: Transaction,
  graceMs = 0,
): Promise<AppliedEvents> {
  const heard = events.map(heardOf);
  const applied = await applyEvents(transaction, heard, { graceMs });
  const strangers = new Set(applied.strangers);
  for (const [index, event] of events.entries()) {
    const said = heard[index];
    if (said !== undefined && strangers.has(said)) refuse(event, `no PBX ${event.source} is known here`);
  }
  return applied;
}

/** Whatever was missed is repaired by a snapshot; whoever holds the link to the PBX takes the wish. */
export const wishSnapshots: Resync<Transaction> = async (requests, transaction) => {
  const byReason = Map.groupBy(requests, ({ reason }) => reason);
  for (const [reason, asked] of byReason) {
    const pbxs = asked.map(({ source }) => source);
    await wantSnapshot(transaction, pbxs, reason);
  }
};
