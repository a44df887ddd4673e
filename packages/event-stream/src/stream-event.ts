import type { EntryId } from './entry-id.ts';
import type { SqlTransaction } from './ports.ts';

/** An event as a group sees it: exactly once, decoded. */
export interface StreamEvent<Payload> {
  readonly entryId: EntryId;
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
  readonly payload: Payload;
  readonly traceparent: string | null;
}

export interface EventBatch<Payload> {
  readonly group: string;
  readonly shard: number;
  readonly events: readonly StreamEvent<Payload>[];
  /** Aborted when the consumer stops and won't wait any longer. */
  readonly signal: AbortSignal;
  /**
   * Sets an event aside as a dead letter, together with what this batch does: for an event that can never be applied and
   * of which `apply` knows it at once, without having to fail first.
   */
  readonly refuse: (event: Pick<StreamEvent<Payload>, 'entryId'>, because: string) => void;
}

/**
 * Runs once the transaction is committed, in order, one at a time for each shard. It may be lost with the process, so it
 * can only hurry along what something else does in the end. What it throws is logged.
 */
export type AfterCommit = () => Promise<void> | void;

/**
 * Writes a batch through `tx`. Throwing means that none of it is kept; a batch that fails on its data is tried again in
 * smaller parts. It must not catch errors of statements, because those abort the transaction.
 */
export type Apply<Payload, Tx extends SqlTransaction> = (
  batch: EventBatch<Payload>,
  tx: Tx,
) => Promise<AfterCommit | undefined | void>;
