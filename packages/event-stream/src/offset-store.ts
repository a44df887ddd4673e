import type { EntryId } from './entry-id.ts';
import type { SqlTransaction } from './ports.ts';
import { SequenceWindow } from './sequence-window.ts';
import { UNALIGNED } from './stream-audit.ts';

export interface Offset {
  readonly shard: number;
  readonly lastId: EntryId;
  readonly entriesRead: number;
  readonly servedBy: string | null;
  readonly servedAt: Date | null;
}

/** A window and what of it the database holds; `saved` is null while there is no row. */
export interface StoredWindow {
  readonly source: string;
  readonly epoch: number;
  readonly window: SequenceWindow;
  saved: { received: number; duplicates: number } | null;
}

export interface OffsetMove {
  readonly from: EntryId;
  readonly to: EntryId;
  readonly entriesRead: number;
}

/** Somebody else wrote the same windows (only while the number of shards is being changed). Read them again. */
export class ProgressConflictError extends Error {
  override name = 'ProgressConflictError';
  readonly code = 'PROGRESS_CONFLICT';
}

interface OffsetRow {
  shard: number;
  last_id: string;
  entries_read: string;
  served_by: string | null;
  served_at: Date | string | null;
}

interface ProgressRow {
  source: string;
  epoch: string;
  high: string;
  missing: string;
  received: string;
  duplicates: string;
  lost: string;
}

export const IDLE_IN_TRANSACTION_MS = 3_000;

const OFFSET_COLUMNS = 'shard, last_id, entries_read::text as entries_read, served_by, served_at';

/** The SQL of a group's offsets and windows. */
export class OffsetStore {
  readonly #group: string;
  readonly #lockSql: string;

  constructor(group: string, idleInTransactionMs = IDLE_IN_TRANSACTION_MS) {
    this.#group = group;
    // The limit is set in the statement that takes the lock: whoever holds a shard is bound by it, whatever the pool was
    // told. The advisory lock decides nothing; it makes the holder of the row visible in pg_locks, for `evictSilent`.
    this.#lockSql = `
      with mine as materialized (
        select ${OFFSET_COLUMNS} from stream_offset
        where group_name = $1 and shard = $2 for update skip locked
      )
      select mine.*, set_config('idle_in_transaction_session_timeout', '${Math.ceil(idleInTransactionMs)}', true),
        pg_try_advisory_xact_lock(hashtext($1), $2)
      from mine`;
  }

  async createRows(tx: SqlTransaction, shards: number): Promise<void> {
    await tx.query(
      `insert into stream_offset (group_name, shard, entries_read)
       select $1, shard, $3 from generate_series(0, $2::integer - 1) as shard on conflict do nothing`,
      [this.#group, shards, UNALIGNED],
    );
  }

  /** Null when another replica holds the shard. */
  async lock(tx: SqlTransaction, shard: number): Promise<Offset | null> {
    const [row] = await tx.query<OffsetRow>(this.#lockSql, [this.#group, shard]);
    return row === undefined ? null : offsetFrom(row);
  }

  /**
   * Ends the session that holds a shard and from which PostgreSQL has been waiting for a word for too long. The
   * idle-in-transaction limit does that for a client that fell silent between two statements, but it does not run in the
   * middle of one: a process that is frozen while it sends its batch would keep the shard until it wakes up.
   */
  async evictSilent(tx: SqlTransaction, shard: number, silentMs: number): Promise<number> {
    const [row] = await tx.query<{ sessions: number }>(
      `select count(pg_terminate_backend(holder.pid))::integer as sessions
       from pg_locks holder join pg_stat_activity session on session.pid = holder.pid
       where holder.locktype = 'advisory' and holder.granted and holder.objsubid = 2
         and holder.database = (select oid from pg_database where datname = current_database())
         and holder.classid = (hashtext($1)::bigint & 4294967295)::oid and holder.objid = $2::bigint::oid
         and session.usename = current_user and session.wait_event = 'ClientRead'
         and session.state_change < now() - make_interval(secs => $3::double precision / 1000)`,
      [this.#group, shard, silentMs],
    );
    return row?.sessions ?? 0;
  }

  /** Without any lock: a glance. */
  async look(tx: SqlTransaction): Promise<Offset[]> {
    const rows = await tx.query<OffsetRow>(
      `select ${OFFSET_COLUMNS} from stream_offset where group_name = $1 order by shard`,
      [this.#group],
    );
    return rows.map(offsetFrom);
  }

  /** To be asked after the lock was taken, in a statement of its own: an earlier snapshot may be older than the lock. */
  async readWindows(
    tx: SqlTransaction,
    sources: readonly string[],
    epochs: readonly number[],
  ): Promise<StoredWindow[]> {
    const rows = await tx.query<ProgressRow>(
      `select p.source, p.epoch::text, p.high::text, p.missing::text, p.received::text, p.duplicates::text, p.lost::text
       from unnest($2::text[], $3::bigint[]) as wanted (source, epoch)
       join stream_progress p on p.group_name = $1 and p.source = wanted.source and p.epoch = wanted.epoch`,
      [this.#group, sources, epochs],
    );
    return rows.map(windowFrom);
  }

  /** Each source's newest epoch. */
  async readSources(tx: SqlTransaction): Promise<{ source: string; epoch: number }[]> {
    const rows = await tx.query<{ source: string; epoch: string }>(
      'select source, max(epoch)::text as epoch from stream_progress where group_name = $1 group by source order by source',
      [this.#group],
    );
    return rows.map(({ source, epoch }) => ({ source, epoch: Number(epoch) }));
  }

  /** Moves the offset and writes the windows, in one statement. */
  async save(
    tx: SqlTransaction,
    shard: number,
    move: OffsetMove,
    replica: string,
    windows: readonly StoredWindow[],
  ): Promise<void> {
    const [written] = await tx.query<{ windows: number; offsets: number }>(SAVE_SQL, [
      this.#group,
      shard,
      move.from,
      move.to,
      move.entriesRead,
      replica,
      ...columnsOf(windows),
    ]);
    if (written?.windows !== windows.length || written.offsets !== 1) {
      throw new ProgressConflictError(
        'the offset or a window was changed by somebody else; reading them again',
      );
    }
  }

  /** Keeps each source's newest epochs, and of the others what was written lately. */
  async prune(tx: SqlTransaction, epochsKept: number, daysKept: number): Promise<number> {
    const [row] = await tx.query<{ pruned: number }>(
      `with ranked as (
         select source, epoch, row_number() over (partition by source order by epoch desc) as place
         from stream_progress where group_name = $1
       ), pruned as (
         delete from stream_progress p using ranked
         where p.group_name = $1 and p.source = ranked.source and p.epoch = ranked.epoch
           and ranked.place > $2 and p.updated_at < now() - make_interval(days => $3)
         returning 1
       )
       select count(*)::integer as pruned from pruned`,
      [this.#group, epochsKept, daysKept],
    );
    return row?.pruned ?? 0;
  }
}

/**
 * The lock on the offset row already keeps others away; comparing the counters as well makes it safe while the number of
 * shards is being changed, when two shards may hold entries of the same source.
 */
const SAVE_SQL = `
  with seen as (
    select * from unnest($7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[],
      $14::bigint[], $15::bigint[])
      as seen (source, epoch, high, missing, received, duplicates, lost, saved_received, saved_duplicates)
  ), updated as (
    update stream_progress p set high = seen.high, missing = seen.missing::int8multirange, received = seen.received,
      duplicates = seen.duplicates, lost = seen.lost, updated_at = now()
    from seen
    where p.group_name = $1 and p.source = seen.source and p.epoch = seen.epoch
      and p.received = seen.saved_received and p.duplicates = seen.saved_duplicates
    returning 1
  ), inserted as (
    insert into stream_progress (group_name, source, epoch, high, missing, received, duplicates, lost)
    select $1, source, epoch, high, missing::int8multirange, received, duplicates, lost
    from seen where saved_received is null order by source, epoch
    on conflict do nothing
    returning 1
  ), moved as (
    update stream_offset set last_id = $4, entries_read = $5, served_by = $6, served_at = now()
    where group_name = $1 and shard = $2 and last_id = $3
    returning 1
  )
  select ((select count(*) from updated) + (select count(*) from inserted))::integer as windows,
    (select count(*) from moved)::integer as offsets`;

function columnsOf(windows: readonly StoredWindow[]): unknown[] {
  return [
    windows.map(({ source }) => source),
    windows.map(({ epoch }) => epoch),
    windows.map(({ window }) => window.high),
    windows.map(({ window }) => window.holesAsText()),
    windows.map(({ window }) => window.received),
    windows.map(({ window }) => window.duplicates),
    windows.map(({ window }) => window.lost),
    windows.map(({ saved }) => saved?.received ?? null),
    windows.map(({ saved }) => saved?.duplicates ?? null),
  ];
}

function offsetFrom(row: OffsetRow): Offset {
  return {
    shard: row.shard,
    lastId: row.last_id,
    entriesRead: Number(row.entries_read),
    servedBy: row.served_by,
    servedAt: row.served_at === null ? null : new Date(row.served_at),
  };
}

function windowFrom(row: ProgressRow): StoredWindow {
  const received = Number(row.received);
  const duplicates = Number(row.duplicates);
  const counts = { high: Number(row.high), received, duplicates, lost: Number(row.lost) };
  return {
    source: row.source,
    epoch: Number(row.epoch),
    window: SequenceWindow.restore({ ...counts, missing: row.missing }),
    saved: { received, duplicates },
  };
}
