import type { Database, GroupLetters } from '@trunkline/database';
import {
  createStreamKeys,
  readGroupStatus,
  type GroupStatus,
  type RedisOpener,
} from '@trunkline/event-stream';
import { ingestGroupNames } from '@trunkline/ingest';
import type { RedisConnection } from '@trunkline/service-kit';

/** How a group of consumers stands. */
export interface GroupState {
  readonly group: string;
  readonly lag: number;
  /** How long the oldest event has been waiting that the group has not read; null where it has read them all. */
  readonly oldestMs: number | null;
  readonly shards: GroupStatus['shards'];
}

export interface StreamsReading {
  readonly database: Database;
  readonly redis: RedisOpener;
  /** One for commands, that is ready. */
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly shards: number;
}

/** Of all groups that read streams, also of one that ought to and never has. */
export async function readStreams(
  reading: StreamsReading,
  known: readonly GroupLetters[],
): Promise<GroupState[]> {
  const readers = known.filter(({ readsStreams }) => readsStreams).map(({ group }) => group);
  const groups = [...new Set([...ingestGroupNames, ...readers])];
  const states: GroupState[] = [];
  // One after the other: each asks for all shards at once.
  for (const group of groups) states.push(await readGroup(reading, group));
  return states;
}

async function readGroup(
  { database, redis, connection, prefix, shards }: StreamsReading,
  group: string,
): Promise<GroupState> {
  const status = await readGroupStatus({ group, prefix, shards, transactions: database, redis });
  const keys = createStreamKeys(prefix);
  const [seconds] = await connection.time();
  const waiting = await Promise.all(
    status.shards.map(({ shard, lastId }) =>
      connection.xrange(keys.events(shard), lastId === null ? '-' : `(${lastId}`, '+', 'COUNT', 1),
    ),
  );
  const oldest = Math.min(...waiting.flatMap((entries) => entries.map(([id]) => Number.parseInt(id, 10))));
  const oldestMs = Number.isFinite(oldest) ? Math.max(0, Number(seconds) * 1_000 - oldest) : null;
  return { group, lag: status.lag, oldestMs, shards: status.shards };
}
