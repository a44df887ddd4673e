export { CONSUMER_TUNING, createConsumer } from './consumer.ts';
export type { Consumer, ConsumerOptions, ConsumerStatus, ConsumerTuning } from './consumer.ts';
export { createDeadLetters } from './dead-letters.ts';
export type {
  DeadLetterFilter,
  DeadLetters,
  DeadLettersSettings,
  DropResult,
  ReplayResult,
} from './dead-letters.ts';
export type { DeadLetter, DeadLetterState } from './dead-letter-store.ts';
export { TransientError } from './failure.ts';
export { readGroupStatus } from './group-status.ts';
export type { GroupShardStatus, GroupStatus, GroupStatusOptions } from './group-status.ts';
export type { PayloadCodec, RedisOpener, SqlTransaction, Transactions } from './ports.ts';
export type { DropReason, Loss, PublishOutcome } from './publish-queue.ts';
export { createPublisher, PUBLISHER_TUNING } from './publisher.ts';
export type {
  PublishedEvent,
  Publisher,
  PublisherOptions,
  PublisherStatus,
  PublisherTuning,
} from './publisher.ts';
export { EPOCHS_KEPT, DAYS_KEPT, pruneProgress } from './prune-progress.ts';
export type { Resync, ResyncReason, ResyncRequest } from './resync-request.ts';
export type { ShardStatus } from './shard-server.ts';
export type { AfterCommit, Apply, EventBatch, StreamEvent } from './stream-event.ts';
export { createStreamKeys, shardOf } from './stream-keys.ts';
export type { StreamKeys } from './stream-keys.ts';
export { createTrimmer } from './trimmer.ts';
export type { Trimmer, TrimmerOptions, TrimReport } from './trimmer.ts';
