import { randomUUID } from 'node:crypto';
import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/** The group under which dead letters of links are kept: what a PBX said and nobody could read. */
export const linkGroup = 'link';

/** A word of a PBX that can't be published. It has no place in a stream, so its place is counted by its link. */
export interface UnreadableWord {
  readonly pbx: PbxId;
  readonly epoch: number;
  /** Counts from 1 within the epoch, which only one holder ever has: so the same word is stored once. */
  readonly count: number;
  readonly shard: number;
  readonly type: string | null;
  readonly raw: string;
  readonly problem: string;
}

const rawLengthMax = 64 * 1024;
const problemLengthMax = 4_000;

/** Keeps words as dead letters. Any text can be stored: what PostgreSQL can't hold is replaced by a visible mark. */
export async function storeUnreadableWords(
  transaction: Transaction,
  words: readonly UnreadableWord[],
): Promise<void> {
  await transaction.query(
    `insert into dead_letter (id, group_name, shard, entry_id, source, epoch, type, payload, error, attempts)
     select id, $1, shard, source || '/' || epoch || '/' || count, source, epoch, type, payload, error, 1
     from unnest($2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::integer[], $7::text[], $8::text[], $9::text[])
       as word (id, shard, source, epoch, count, type, payload, error)
     order by source, epoch, count
     on conflict (group_name, shard, entry_id) do nothing`,
    [
      linkGroup,
      words.map(() => randomUUID()),
      words.map(({ shard }) => shard),
      words.map(({ pbx }) => pbx),
      words.map(({ epoch }) => epoch),
      words.map(({ count }) => count),
      words.map(({ type }) => type),
      words.map(({ raw }) => storable(raw, rawLengthMax)),
      words.map(({ problem }) => storable(problem, problemLengthMax)),
    ],
  );
}

const storable = (text: string, lengthMax: number): string =>
  text.slice(0, lengthMax).replaceAll('\0', '\u2400').toWellFormed();
