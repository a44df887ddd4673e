import type { Database, OutboxMessage, Transaction } from '@trunkline/database';
import { StorageError, type FileStorage } from '@trunkline/storage';
import { ContactError } from '../contact-error.ts';
import { readRows } from '../csv/read-rows.ts';
import { lockImport, readImport, type ContactImport } from './contact-import.ts';
import type { ImportPlan } from './import-plan.ts';
import { mergeChunk, type ChunkCounts } from './merge-chunk.ts';
import { oneAhead } from './one-ahead.ts';
import { readChunks, type ChunkToStore } from './read-chunks.ts';
import { tellImport } from './tell-import.ts';

export interface ImportHost {
  readonly database: Pick<Database, 'run' | 'copying'>;
  readonly storage: Pick<FileStorage, 'get'>;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly chunkRows?: number;
  /** Screens are told no more often. */
  readonly tellEveryMs?: number;
  readonly now?: () => number;
  /** Hears what became of the rows of each chunk that was committed. */
  readonly onChunk?: (counts: ChunkCounts) => void;
}

/** Large enough that statements cost little beside rows, small enough that a crash repeats a blink. */
const chunkRowsDefault = 5_000;
const tellEveryMsDefault = 250;

/**
 * Carries an import out from where it stands. Each chunk is one transaction with its rows, its rejections and the place behind it: the place is
 * there with the effects or not at all, so whoever dies, another one goes on behind the last chunk that was committed. Two that work on one
 * import at once don't both do a chunk: the second finds the place moved and stops.
 */
export async function runImport(host: ImportHost, id: string, stop?: AbortSignal): Promise<ContactImport> {
  const begun = await begin(host, id);
  if (begun === null) return host.database.run((transaction) => readImport(transaction, { id }));
  try {
    return await work(host, begun, begun.plan, stop);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return await end(host, id, 'failed', problem);
  }
}

type Begun = ContactImport & { readonly plan: ImportPlan };

async function begin(host: ImportHost, id: string): Promise<Begun | null> {
  return committed(host, async (transaction) => {
    const known = await lockImport(transaction, { id });
    if (known.plan === null || known.finishedAt !== null) return { result: null, messages: [] };
    await transaction.query(
      `update contact_import set state = 'running', started_at = coalesce(started_at, clock_timestamp()),
         revision = revision + 1
       where id = $1`,
      [id],
    );
    const begun = await readImport(transaction, { id });
    return { result: { ...begun, plan: known.plan }, messages: await tellImport(transaction, begun) };
  });
}

async function work(
  host: ImportHost,
  { id, fileKey, rowsDone }: Begun,
  plan: ImportPlan,
  stop: AbortSignal | undefined,
): Promise<ContactImport> {
  const { chunkRows = chunkRowsDefault, now = performance.now.bind(performance) } = host;
  const source = await host.storage.get(fileKey, { signal: stop });
  let toldAt = now();
  try {
    const rows = readRows(source, plan.format, { chunkRows, skip: rowsDone });
    // What the next chunk says is read while the database stores this one.
    for await (const read of oneAhead(readChunks(rows, plan))) {
      stop?.throwIfAborted();
      const isToTell = now() - toldAt >= (host.tellEveryMs ?? tellEveryMsDefault);
      const step = await storeChunk(host, id, plan, { ...read, isToTell });
      if (step === 'cancelled') return await end(host, id, 'cancelled', null);
      if (step === 'overtaken') return await host.database.run((tx) => readImport(tx, { id }));
      if (isToTell) toldAt = now();
    }
  } finally {
    source.destroy();
  }
  return end(host, id, 'complete', null);
}

interface Chunk extends ChunkToStore {
  readonly isToTell: boolean;
}

async function storeChunk(
  { database, relay, onChunk }: ImportHost,
  id: string,
  plan: ImportPlan,
  { before, rows, bytes, isToTell, read }: Chunk,
): Promise<'done' | 'cancelled' | 'overtaken'> {
  const messages: OutboxMessage[] = [];
  let done: ChunkCounts | null = null;
  const step = await database.copying(async (transaction) => {
    const known = await lockImport(transaction, { id });
    if (known.state !== 'running' || known.rowsDone !== before) return 'overtaken' as const;
    if (known.cancelWanted) return 'cancelled' as const;
    const counts = await mergeChunk(transaction, { tenant: known.tenant, id }, read, plan);
    await moveOn(transaction, id, rows, bytes, counts);
    done = counts;
    if (isToTell) messages.push(...(await tellImport(transaction, await readImport(transaction, { id }))));
    return 'done' as const;
  });
  if (done !== null) onChunk?.(done);
  // What can't be told now the janitor of the outbox tells.
  if (messages.length > 0) await relay(messages).catch(() => undefined);
  return step;
}

async function moveOn(
  transaction: Transaction,
  id: string,
  rows: number,
  bytes: number,
  { created, updated, unchanged, skipped, rejected }: ChunkCounts,
): Promise<void> {
  await transaction.query(
    `update contact_import set rows_done = rows_done + $2, bytes_done = greatest(bytes_done, least($3::bigint, bytes)),
       created = created + $4, updated = updated + $5, unchanged = unchanged + $6, skipped = skipped + $7,
       rejected = rejected + $8, revision = revision + 1
     where id = $1`,
    [id, rows, bytes, created, updated, unchanged, skipped, rejected],
  );
}

async function end(
  host: ImportHost,
  id: string,
  state: 'complete' | 'failed' | 'cancelled',
  problem: string | null,
): Promise<ContactImport> {
  return committed(host, async (transaction) => {
    const known = await lockImport(transaction, { id });
    if (known.finishedAt !== null) return { result: known, messages: [] };
    await transaction.query(
      `update contact_import set state = $2, problem = $3, finished_at = clock_timestamp(), revision = revision + 1,
         bytes_done = case $2 when 'complete' then bytes else bytes_done end
       where id = $1`,
      [id, state, problem],
    );
    await transaction.query('delete from contact_import_touch where import_id = $1', [id]);
    const ended = await readImport(transaction, { id });
    return { result: ended, messages: await tellImport(transaction, ended) };
  });
}

async function committed<Result>(
  { database, relay }: ImportHost,
  run: (
    transaction: Transaction,
  ) => Promise<{ readonly result: Result; readonly messages: readonly OutboxMessage[] }>,
): Promise<Result> {
  const { result, messages } = await database.run(run);
  if (messages.length > 0) await relay(messages).catch(() => undefined);
  return result;
}

/** What no second attempt would change. All else is a disturbance, and is tried again. */
function problemOf(error: unknown): string | null {
  if (error instanceof ContactError && error.problem === 'file') return error.message;
  if (error instanceof StorageError && error.problem === 'unknown')
    return 'The file is not in the storage any more; upload it again';
  return null;
}
