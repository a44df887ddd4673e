import type { Transaction } from '../transaction.ts';

/** What waits to be done, and what nobody could do. For services: it is about all tenants. */
export interface Backlogs {
  readonly outbox: { readonly messages: number; readonly oldestMs: number | null };
  readonly groups: readonly GroupLetters[];
  readonly snapshotWishes: number;
  /** Replicas of the connector that were alive a moment ago. */
  readonly connectors: number;
}

/** A group of consumers that is known here, with its dead letters. */
export interface GroupLetters {
  readonly group: string;
  /** It reads streams; the group `link` only keeps what PBXs said and nobody could read. */
  readonly readsStreams: boolean;
  readonly parked: number;
  readonly replayed: number;
  readonly dropped: number;
  readonly oldestParkedAt: Date | null;
}

/** Longer than a connector goes without saying that it is alive, even where its database is slow. */
const aliveWithin = `interval '15 seconds'`;

export async function readBacklogs(transaction: Transaction): Promise<Backlogs> {
  const [row] = await transaction.query<{
    messages: number;
    oldest: number | null;
    wishes: number;
    connectors: number;
  }>(
    `select (select count(*) from outbox)::integer as messages,
       (select extract(epoch from now() - min(created_at)) * 1000 from outbox)::float8 as oldest,
       (select count(*) from snapshot_wish)::integer as wishes,
       (select count(*) from connector where seen_at > now() - ${aliveWithin})::integer as connectors`,
  );
  return {
    outbox: { messages: row?.messages ?? 0, oldestMs: roundOrNull(row?.oldest ?? null) },
    groups: await readGroups(transaction),
    snapshotWishes: row?.wishes ?? 0,
    connectors: row?.connectors ?? 0,
  };
}

const roundOrNull = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** Every group that has ever read or set anything aside. */
export async function readGroups(transaction: Transaction): Promise<GroupLetters[]> {
  const rows = await transaction.query<
    Omit<GroupLetters, 'oldestParkedAt'> & { oldestParkedAt: string | null }
  >(
    `with letters as (
       select group_name, count(*) filter (where state = 'parked')::integer as parked,
         count(*) filter (where state = 'replayed')::integer as replayed,
         count(*) filter (where state = 'dropped')::integer as dropped,
         min(failed_at) filter (where state = 'parked') as oldest
       from dead_letter group by group_name
     ), readers as (select distinct group_name from stream_offset)
     select group_name as group, readers.group_name is not null as "readsStreams", coalesce(parked, 0) as parked,
       coalesce(replayed, 0) as replayed, coalesce(dropped, 0) as dropped, oldest as "oldestParkedAt"
     from readers full join letters using (group_name) order by 1`,
  );
  return rows.map((group) => ({
    ...group,
    oldestParkedAt: group.oldestParkedAt === null ? null : new Date(group.oldestParkedAt),
  }));
}
