import type { OutboxMessage, Transaction } from '@trunkline/database';
import { lockImport, readImport } from './contact-import.ts';
import { tellImport } from './tell-import.ts';

export interface OpenImport {
  readonly id: string;
  readonly rowsDone: number;
}

/** Looked at in one turn; those behind them are looked at when these have ended. */
const openMax = 500;

/** Imports that are to be worked on, whoever does so just now. */
export const openImports = (transaction: Transaction): Promise<OpenImport[]> =>
  transaction.query(
    `select id, rows_done::float8 as "rowsDone" from contact_import
     where state in ('waiting', 'running') order by created_at limit $1`,
    [openMax],
  );

/**
 * Ends an import that nobody gets on with: it took down, or was given up by, one worker after another, and no chunk was committed meanwhile.
 * Nothing is changed where somebody did get on. Tells what is to be told.
 */
export async function giveUpImport(
  transaction: Transaction,
  { id, rowsDone }: OpenImport,
): Promise<OutboxMessage[]> {
  const known = await lockImport(transaction, { id });
  if (known.finishedAt !== null || known.rowsDone !== rowsDone) return [];
  await transaction.query(
    `update contact_import set state = 'failed', finished_at = clock_timestamp(), revision = revision + 1, problem = $2 where id = $1`,
    [
      id,
      `Workers failed at it again and again behind row ${rowsDone}; their log tells why. What was done stays: once the reason is gone, import the file again`,
    ],
  );
  await transaction.query('delete from contact_import_touch where import_id = $1', [id]);
  return tellImport(transaction, await readImport(transaction, { id }));
}

export interface ImportCounts {
  readonly waiting: number;
  readonly running: number;
  /** How long the oldest that nobody has begun has waited. */
  readonly oldestWaitingSeconds: number;
}

export async function countImports(transaction: Transaction): Promise<ImportCounts> {
  const [row] = await transaction.query<ImportCounts>(
    `select count(*) filter (where state = 'waiting')::integer as waiting,
       count(*) filter (where state = 'running')::integer as running,
       coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where state = 'waiting')), 0)::float8
         as "oldestWaitingSeconds"
     from contact_import where state in ('waiting', 'running')`,
  );
  return row ?? { waiting: 0, running: 0, oldestWaitingSeconds: 0 };
}
