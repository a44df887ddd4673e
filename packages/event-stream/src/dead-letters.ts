import { countDeadLetters, DEAD_LETTER_COLUMNS, deadLetterFrom, storable } from './dead-letter-store.ts';
import type { DeadLetter, DeadLetterRow, DeadLetterState } from './dead-letter-store.ts';
import { messageOf } from './failure.ts';
import type { PayloadCodec, SqlTransaction, Transactions } from './ports.ts';
import type { AfterCommit, Apply, StreamEvent } from './stream-event.ts';

export interface DeadLetterFilter {
  readonly state?: DeadLetterState;
  readonly source?: string;
  /** Only those set aside before the one with this id; for paging, newest first. */
  readonly before?: string;
  /** At most 1,000. */
  readonly limit?: number;
}

export type ReplayResult =
  | { readonly outcome: 'replayed' }
  | { readonly outcome: 'not-found' }
  /** Somebody else replayed or dropped it. */
  | { readonly outcome: 'already-resolved'; readonly state: DeadLetterState }
  /** It stays parked, with this error. */
  | { readonly outcome: 'failed'; readonly error: string };

export type DropResult =
  | Extract<ReplayResult, { outcome: 'not-found' | 'already-resolved' }>
  | { readonly outcome: 'dropped' };

/** What an operator does with entries that were set aside. Each acts once, however many operators press the button. */
export interface DeadLetters {
  list(filter?: DeadLetterFilter): Promise<DeadLetter[]>;
  count(): Promise<Record<DeadLetterState, number>>;
  replay(id: string, by: string): Promise<ReplayResult>;
  drop(id: string, by: string): Promise<DropResult>;
}

export interface DeadLettersSettings<Payload, Tx extends SqlTransaction> {
  readonly group: string;
  readonly transactions: Transactions<Tx>;
  readonly codec: PayloadCodec<Payload>;
  readonly apply: Apply<Payload, Tx>;
}

const LIMIT_MAX = 1_000;

export function createDeadLetters<Payload, Tx extends SqlTransaction>(
  settings: DeadLettersSettings<Payload, Tx>,
): DeadLetters {
  const { group, transactions } = settings;
  return {
    list: (filter = {}) => transactions.run((tx) => list(tx, group, filter)),
    count: () => transactions.run((tx) => countDeadLetters(tx, group)),
    replay: (id, by) => replay(settings, id, by),
    drop: (id, by) => transactions.run((tx) => drop(tx, group, id, by)),
  };
}

async function list(tx: SqlTransaction, group: string, filter: DeadLetterFilter): Promise<DeadLetter[]> {
  const rows = await tx.query<DeadLetterRow>(
    `select ${DEAD_LETTER_COLUMNS} from dead_letter
     where group_name = $1 and ($2::text is null or state = $2) and ($3::text is null or source = $3)
       and ($4::uuid is null or (failed_at, id) < (select failed_at, id from dead_letter where id = $4))
     order by failed_at desc, id desc limit $5`,
    [
      group,
      filter.state ?? null,
      filter.source ?? null,
      filter.before ?? null,
      Math.min(filter.limit ?? 100, LIMIT_MAX),
    ],
  );
  return rows.map(deadLetterFrom);
}

async function replay<Payload, Tx extends SqlTransaction>(
  settings: DeadLettersSettings<Payload, Tx>,
  id: string,
  by: string,
): Promise<ReplayResult> {
  const { group, transactions, apply } = settings;
  let afterCommit: AfterCommit | null = null;
  try {
    const result = await transactions.run(async (tx): Promise<ReplayResult> => {
      const found = await lockParked(tx, group, id);
      if ('outcome' in found) return found;
      const events = [eventFromLetter(found, settings.codec)];
      const { signal } = new AbortController();
      const batch = { group, shard: found.shard, events, signal, refuse: failReplay };
      afterCommit = (await apply(batch, tx)) ?? null;
      await resolve(tx, id, 'replayed', by);
      return { outcome: 'replayed' };
    });
    await runHook(afterCommit);
    return result;
  } catch (error) {
    const message = messageOf(error);
    await transactions.run((tx) =>
      tx.query(
        `update dead_letter set attempts = attempts + 1, error = $3
         where id = $1 and group_name = $2 and state = 'parked'`,
        [id, group, storable(message)],
      ),
    );
    return { outcome: 'failed', error: message };
  }
}

async function drop(tx: SqlTransaction, group: string, id: string, by: string): Promise<DropResult> {
  const found = await lockParked(tx, group, id);
  if ('outcome' in found) return found;
  await resolve(tx, id, 'dropped', by);
  return { outcome: 'dropped' };
}

/** The second of two waits here for the first, and then sees what it did. */
async function lockParked(
  tx: SqlTransaction,
  group: string,
  id: string,
): Promise<DeadLetter | Extract<ReplayResult, { outcome: 'not-found' | 'already-resolved' }>> {
  const [row] = await tx.query<DeadLetterRow>(
    `select ${DEAD_LETTER_COLUMNS} from dead_letter where id = $1 and group_name = $2 for update`,
    [id, group],
  );
  if (row === undefined) return { outcome: 'not-found' };
  return row.state === 'parked' ? deadLetterFrom(row) : { outcome: 'already-resolved', state: row.state };
}

async function resolve(tx: SqlTransaction, id: string, state: DeadLetterState, by: string): Promise<void> {
  await tx.query('update dead_letter set state = $2, resolved_at = now(), resolved_by = $3 where id = $1', [
    id,
    state,
    by,
  ]);
}

function eventFromLetter<Payload>(letter: DeadLetter, codec: PayloadCodec<Payload>): StreamEvent<Payload> {
  const { entryId, source, epoch, seq, type, traceparent } = letter;
  if (source === null || epoch === null || seq === null || type === null) {
    throw new Error("the entry's header could not be read, so there is nothing to apply; drop it");
  }
  const place = { source, epoch, seq, type };
  return { ...place, entryId, payload: codec.decode(letter.payload, place), traceparent };
}

/** What is refused a second time stays where it is, with the reason. */
function failReplay(_event: unknown, because: string): never {
  throw new Error(because);
}

/** Best effort like all hooks: the replay itself is committed. */
async function runHook(hook: AfterCommit | null): Promise<void> {
  try {
    await hook?.();
  } catch {
    // What follows a commit only hurries along what a janitor does in the end.
  }
}
