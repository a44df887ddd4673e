import { randomUUID } from 'node:crypto';
import type { SqlTransaction } from './ports.ts';
import type { Parked } from './sift-batch.ts';

export type DeadLetterState = 'parked' | 'replayed' | 'dropped';

export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly shard: number;
  readonly entryId: string;
  /** Null, with epoch, seq and type, where the entry could not even be read. */
  readonly source: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly type: string | null;
  readonly payload: string;
  readonly traceparent: string | null;
  readonly error: string;
  readonly attempts: number;
  readonly state: DeadLetterState;
  readonly failedAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}

const ERROR_LENGTH_MAX = 4_000;

/** The same entry is stored once, also when a rewound stream shows it again. */
export async function storeDeadLetters(
  tx: SqlTransaction,
  group: string,
  shard: number,
  parked: readonly Parked[],
): Promise<void> {
  if (parked.length === 0) return;
  await tx.query(
    `insert into dead_letter (id, group_name, shard, entry_id, source, epoch, seq, type, payload, traceparent, error, attempts)
     select id, $1, $2, entry_id, source, epoch, seq, type, payload, traceparent, error, attempts
     from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::integer[])
       as parked (id, entry_id, source, epoch, seq, type, payload, traceparent, error, attempts)
     order by entry_id
     on conflict (group_name, shard, entry_id) do nothing`,
    [
      group,
      shard,
      parked.map(() => randomUUID()),
      parked.map(({ entryId }) => entryId),
      parked.map(({ entry }) => entry?.source ?? null),
      parked.map(({ entry }) => entry?.epoch ?? null),
      parked.map(({ entry }) => entry?.seq ?? null),
      parked.map(({ entry }) => entry?.type ?? null),
      parked.map(({ text }) => storable(text)),
      parked.map(({ entry }) => entry?.traceparent ?? null),
      parked.map(({ error }) => storable(error).slice(0, ERROR_LENGTH_MAX)),
      parked.map(({ attempts }) => attempts),
    ],
  );
}

export interface DeadLetterRow {
  id: string;
  group_name: string;
  shard: number;
  entry_id: string;
  source: string | null;
  epoch: string | null;
  seq: string | null;
  type: string | null;
  payload: string;
  traceparent: string | null;
  error: string;
  attempts: number;
  state: DeadLetterState;
  failed_at: Date | string;
  resolved_at: Date | string | null;
  resolved_by: string | null;
}

export const DEAD_LETTER_COLUMNS =
  'id, group_name, shard, entry_id, source, epoch::text as epoch, seq::text as seq, type, payload, traceparent, error, ' +
  'attempts, state, failed_at, resolved_at, resolved_by';

export function deadLetterFrom(row: DeadLetterRow): DeadLetter {
  return {
    id: row.id,
    group: row.group_name,
    shard: row.shard,
    entryId: row.entry_id,
    source: row.source,
    epoch: row.epoch === null ? null : Number(row.epoch),
    seq: row.seq === null ? null : Number(row.seq),
    type: row.type,
    payload: row.payload,
    traceparent: row.traceparent,
    error: row.error,
    attempts: row.attempts,
    state: row.state,
    failedAt: new Date(row.failed_at),
    resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at),
    resolvedBy: row.resolved_by,
  };
}

/** PostgreSQL's text holds no NUL; a letter that can't be stored would block its shard for ever. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u2400');
}

export async function countDeadLetters(
  tx: SqlTransaction,
  group: string,
): Promise<Record<DeadLetterState, number>> {
  const rows = await tx.query<{ state: DeadLetterState; letters: number }>(
    'select state, count(*)::integer as letters from dead_letter where group_name = $1 group by state',
    [group],
  );
  const counts = { parked: 0, replayed: 0, dropped: 0 };
  for (const { state, letters } of rows) counts[state] = letters;
  return counts;
}
