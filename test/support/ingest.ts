import { applyEvents, OutboxRelay, type Database, type Deliver, type HeardEvent } from '@trunkline/database';
import { readEvent, type LifecycleEvent } from '@trunkline/domain';
import {
  createConsumer,
  type Consumer,
  type ConsumerTuning,
  type PayloadCodec,
  type RedisOpener,
  type StreamEvent,
} from '@trunkline/event-stream';
import type { Logger, Metrics } from '@trunkline/service-kit';

/** What travels as a payload: the text as published, and once it was read, the event that it says. */
export interface Heard {
  readonly text: string;
  readonly event?: LifecycleEvent;
}

export const codec: PayloadCodec<Heard> = {
  encode: (_type, { text }) => text,
  decode: (text, place) => ({ text, event: readEvent(place, JSON.parse(text)) }),
};

export interface IngestOptions {
  readonly database: Database;
  readonly redis: RedisOpener;
  readonly prefix: string;
  readonly shards: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly deliver?: Deliver;
  readonly tuning?: Partial<ConsumerTuning>;
  readonly onApplied?: (events: number) => void;
}

/** The whole way from the streams to the tables in one group, all checks and by-products included. */
export function createIngest(options: IngestOptions): Consumer {
  const { database, redis, prefix, shards, logger, metrics, tuning = {} } = options;
  const relay = new OutboxRelay(database, options.deliver ?? (() => Promise.resolve()));
  return createConsumer<Heard, Parameters<Parameters<Database['run']>[0]>[0]>({
    group: 'ingest',
    prefix,
    shards,
    transactions: database,
    redis,
    codec,
    logger,
    metrics,
    tuning,
    wants: () => true,
    apply: async ({ events, refuse }, transaction) => {
      const heard = events.map(heardOf);
      const { messages, strangers } = await applyEvents(transaction, heard);
      for (const stranger of strangers) {
        const event = events[heard.indexOf(stranger)];
        if (event !== undefined) refuse(event, `no PBX ${event.source} is known here`);
      }
      return async () => {
        options.onApplied?.(events.length);
        await relay.relay(messages);
      };
    },
    resync: async (requests, transaction) => {
      await transaction.query(
        `update pbx set snapshot_wanted_at = coalesce(snapshot_wanted_at, now()), snapshot_wanted_because = $2
         where id::text = any($1::text[])`,
        [requests.map(({ source }) => source), requests[0]?.reason ?? null],
      );
    },
  });
}

function heardOf({ payload, traceparent }: StreamEvent<Heard>): HeardEvent {
  if (payload.event === undefined) throw new Error('the event was not read');
  return { event: payload.event, payload: payload.text, traceparent: traceparent ?? undefined };
}
