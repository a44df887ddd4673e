import { countDeadLetters } from './dead-letter-store.ts';
import type { DeadLetterState } from './dead-letter-store.ts';
import type { EntryId } from './entry-id.ts';
import { OffsetStore } from './offset-store.ts';
import type { RedisOpener, SqlTransaction, Transactions } from './ports.ts';
import { RedisLink } from './redis-link.ts';
import { lagOf, UNALIGNED, type StreamFacts } from './stream-audit.ts';
import { createStreamKeys } from './stream-keys.ts';
import { StreamReader } from './stream-reader.ts';

export interface GroupStatusOptions<Tx extends SqlTransaction> {
  readonly group: string;
  readonly prefix: string;
  readonly shards: number;
  readonly transactions: Transactions<Tx>;
  readonly redis: RedisOpener;
}

export interface GroupStatus {
  readonly group: string;
  readonly lag: number;
  readonly shards: readonly GroupShardStatus[];
  readonly deadLetters: Readonly<Record<DeadLetterState, number>>;
}

export interface GroupShardStatus {
  readonly shard: number;
  /** Null where no replica has ever looked at the shard. */
  readonly lastId: EntryId | null;
  readonly servedBy: string | null;
  readonly servedAt: Date | null;
  readonly streamEntries: number;
  /** Entries that the stream had and has no more; null where the server can't say. */
  readonly streamTrimmed: number | null;
  readonly lag: number;
}

const REDIS_TIMEOUT_MS = 2_000;

/** How a group stands, seen from outside: for whoever does not consume itself. */
export async function readGroupStatus<Tx extends SqlTransaction>(
  options: GroupStatusOptions<Tx>,
): Promise<GroupStatus> {
  const { group, prefix, shards, transactions } = options;
  const link = new RedisLink(options.redis, 'commands', REDIS_TIMEOUT_MS);
  try {
    const reader = new StreamReader(link, createStreamKeys(prefix));
    const numbers = Array.from({ length: shards }, (_, shard) => shard);
    const [offsets, streams, deadLetters] = await Promise.all([
      transactions.run((tx) => new OffsetStore(group).look(tx)),
      Promise.all(numbers.map((shard) => reader.facts(shard))),
      transactions.run((tx) => countDeadLetters(tx, group)),
    ]);
    const states = numbers.map((shard): GroupShardStatus => {
      const offset = offsets.find((one) => one.shard === shard);
      const facts = streams[shard] ?? null;
      return {
        shard,
        lastId: offset?.lastId ?? null,
        servedBy: offset?.servedBy ?? null,
        servedAt: offset?.servedAt ?? null,
        streamEntries: facts?.length ?? 0,
        streamTrimmed: facts === null ? null : trimmedOf(facts),
        lag: facts?.lastGeneratedId === offset?.lastId ? 0 : lagOf(facts, offset?.entriesRead ?? UNALIGNED),
      };
    });
    return { group, lag: states.reduce((sum, { lag }) => sum + lag, 0), shards: states, deadLetters };
  } finally {
    link.close();
  }
}

const trimmedOf = ({ entriesAdded, length }: StreamFacts): number | null =>
  entriesAdded === null ? null : entriesAdded - length;
