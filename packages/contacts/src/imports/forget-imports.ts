import type { Database } from '@trunkline/database';
import type { FileStorage } from '@trunkline/storage';

export interface ForgettingHost {
  readonly database: Pick<Database, 'run'>;
  readonly storage: Pick<FileStorage, 'delete'>;
}

export interface KeptFor {
  /** An import that has ended, with its file and what was refused of it. */
  readonly endedMs: number;
  /** A file that was uploaded and whose import nobody has started. */
  readonly unstartedMs: number;
}

/** Of one turn: no transaction is held while files are deleted, and each of them takes its time. */
const atOnce = 100;

interface Forgotten {
  readonly id: string;
  readonly key: string;
}

/**
 * Forgets imports whose time is over: first the file, then the row that names it, so that whoever dies in between is followed by somebody who
 * finds the row again. What nobody has started is cancelled before, so that nobody starts it meanwhile. Contacts stay.
 */
export async function forgetImports(
  { database, storage }: ForgettingHost,
  { endedMs, unstartedMs }: KeptFor,
): Promise<{ readonly forgotten: number; readonly isMore: boolean }> {
  const due = await database.run(async (transaction) => {
    await transaction.query(
      `update contact_import set state = 'cancelled', finished_at = clock_timestamp(), revision = revision + 1
       where state = 'uploaded' and created_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`,
      [unstartedMs],
    );
    return transaction.query<Forgotten>(
      `select id, file_key as key from contact_import
       where finished_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
         or (plan is null and finished_at is not null and created_at < clock_timestamp() - $2::float8 * interval '1 millisecond')
       order by created_at limit $3`,
      [endedMs, unstartedMs, atOnce],
    );
  });
  for (const { id, key } of due) {
    await storage.delete(key);
    await database.run((transaction) => transaction.query('delete from contact_import where id = $1', [id]));
  }
  return { forgotten: due.length, isMore: due.length === atOnce };
}
