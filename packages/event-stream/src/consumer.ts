import { randomUUID } from 'node:crypto';
import type { Logger, Metrics } from '@trunkline/service-kit';
import { createDeadLetters } from './dead-letters.ts';
import type { DeadLetters } from './dead-letters.ts';
import { OffsetBoard } from './offset-board.ts';
import { IDLE_IN_TRANSACTION_MS, OffsetStore } from './offset-store.ts';
import type { PayloadCodec, RedisOpener, SqlTransaction, Transactions } from './ports.ts';
import { RedisLink } from './redis-link.ts';
import type { Resync } from './resync-request.ts';
import { ShardServer } from './shard-server.ts';
import type { ShardServerSettings, ShardStatus } from './shard-server.ts';
import { Slots } from './slots.ts';
import type { Apply } from './stream-event.ts';
import { createStreamKeys } from './stream-keys.ts';
import { beginCounting, consumerMetrics } from './stream-metrics.ts';
import { StreamReader } from './stream-reader.ts';
import { pause } from './waiting.ts';
import { WakeUp } from './wake-up.ts';

export interface ConsumerOptions<Payload, Tx extends SqlTransaction> {
  readonly group: string;
  readonly prefix: string;
  readonly shards: number;
  readonly transactions: Transactions<Tx>;
  readonly redis: RedisOpener;
  readonly codec: PayloadCodec<Payload>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Which types this group applies. The others are counted in their sequence and passed over undecoded. */
  wants(type: string): boolean;
  readonly apply: Apply<Payload, Tx>;
  readonly resync: Resync<Tx>;
  /** Called at every turn of a loop, also while stores are down: liveness is progress, not reachability. */
  onProgress?(): void;
  /** Names this process in `stream_offset.served_by`; a random part is added, so that no two are ever the same. */
  readonly replica?: string;
  readonly tuning?: Partial<ConsumerTuning>;
}

export interface ConsumerTuning extends ShardServerSettings {
  readonly batchBytesMax: number;
  readonly parallelShardsMax: number;
  readonly blockMs: number;
  readonly readTimeoutMs: number;
  readonly stopTimeoutMs: number;
}

export const CONSUMER_TUNING: ConsumerTuning = {
  batchEntriesMax: 1_000,
  batchBytesMax: 8 * 1024 * 1024,
  batchesPerTurn: 8,
  parallelShardsMax: 4,
  headStartMs: 150,
  lookAgainMs: 75,
  blockMs: 2_000,
  readTimeoutMs: 2_000,
  idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  transactionMsMax: 10_000,
  poisonAttemptsMax: 3,
  backoffBaseMs: 50,
  backoffMaxMs: 2_000,
  stopTimeoutMs: 5_000,
};

export interface ConsumerStatus {
  readonly group: string;
  readonly replica: string;
  readonly running: boolean;
  readonly lag: number;
  readonly oldestUnreadMs: number;
  readonly shards: readonly ShardStatus[];
}

export interface Consumer {
  start(): Promise<void>;
  /** Finishes the batches in hand, or after `stopTimeoutMs` rolls them back. May be called twice. */
  stop(): Promise<void>;
  status(): ConsumerStatus;
  readonly deadLetters: DeadLetters;
}

/** One replica of a group: serves all its shards, side by side with any number of others. */
export function createConsumer<Payload, Tx extends SqlTransaction>(
  options: ConsumerOptions<Payload, Tx>,
): Consumer {
  const { group, shards, transactions } = options;
  if (!Number.isInteger(shards) || shards < 1) throw new TypeError(`shards must be 1 or more, got ${shards}`);
  const tuning = { ...CONSUMER_TUNING, ...options.tuning };
  const replica = `${options.replica ?? `pid-${process.pid}`}/${randomUUID().slice(0, 8)}`;
  const log = options.logger.child({ group, replica });
  const keys = createStreamKeys(options.prefix);
  const stopping = new AbortController();
  const aborting = new AbortController();
  let running: { reader: RedisLink; wakeUps: WakeUp[]; loops: Promise<void>[] } | null = null;
  let servers: ShardServer<Payload, Tx>[] = [];
  let stopped: Promise<void> | null = null;

  function serve(): void {
    const reader = new RedisLink(options.redis, 'commands', tuning.readTimeoutMs);
    reader.open();
    const metrics = consumerMetrics(options.metrics);
    beginCounting(metrics, group);
    const offsets = new OffsetStore(group, tuning.idleInTransactionMs);
    const shared = {
      batch: {
        group,
        replica,
        shards,
        batchBytesMax: tuning.batchBytesMax,
        offsets,
        codec: options.codec,
        signal: aborting.signal,
        wants: (type: string) => options.wants(type),
        apply: options.apply,
        resync: options.resync,
      },
      settings: tuning,
      transactions,
      reader: new StreamReader(reader, keys),
      board: new OffsetBoard(transactions, offsets, shards),
      slots: new Slots(tuning.parallelShardsMax),
      metrics,
      log,
      stopping: stopping.signal,
      onProgress: () => options.onProgress?.(),
    };
    const wakeUps = Array.from(
      { length: shards },
      (_, shard) => new WakeUp(options.redis, keys, shard, tuning.blockMs, log),
    );
    for (const wakeUp of wakeUps) wakeUp.open();
    servers = wakeUps.map((wakeUp, shard) => new ShardServer(shard, { ...shared, wakeUp }));
    running = { reader, wakeUps, loops: servers.map((server) => server.run()) };
    log.info({ shards }, 'consuming');
  }

  async function stop(): Promise<void> {
    stopping.abort();
    if (running === null) return;
    const { reader, wakeUps, loops } = running;
    for (const wakeUp of wakeUps) wakeUp.close();
    const ended = Promise.all(loops).then(() => true);
    if (!(await within(tuning.stopTimeoutMs, ended))) {
      log.warn('a batch did not finish in time and is rolled back');
      aborting.abort(new Error('the consumer stops'));
      await within(tuning.stopTimeoutMs, ended);
    }
    reader.close();
    running = null;
    log.info('stopped consuming');
  }

  return {
    start() {
      if (running === null && !stopping.signal.aborted) serve();
      return Promise.resolve();
    },
    stop: () => (stopped ??= stop()),
    status() {
      const states = servers.map((server) => server.status());
      return {
        group,
        replica,
        running: running !== null,
        lag: states.reduce((sum, { lag }) => sum + lag, 0),
        oldestUnreadMs: states.reduce((max, { oldestUnreadMs }) => Math.max(max, oldestUnreadMs), 0),
        shards: states,
      };
    },
    deadLetters: createDeadLetters(options),
  };
}

/** True when it ended in time. */
async function within(ms: number, ended: Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  const inTime = await Promise.race([ended, pause(ms, timer.signal).then(() => false)]);
  timer.abort();
  return inTime;
}
