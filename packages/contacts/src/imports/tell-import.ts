import { changesToPostings, postOutbox, type OutboxMessage, type Transaction } from '@trunkline/database';
import { importColumns, importOf, type ContactImport, type ImportRow } from './contact-import.ts';

/** How an import stands, as screens get it; of two the one with the higher revision counts. */
export function shownImport(known: ContactImport) {
  const { id, revision, rowsDone, bytes, bytesDone, state, startedAt, finishedAt, problem } = known;
  const { created, updated, unchanged, skipped, rejected } = known;
  return {
    import: id,
    revision,
    state,
    done: rowsDone,
    // Until the end is read the number of rows is guessed by the bytes.
    total: finishedAt === null && bytesDone > 0 ? Math.round((rowsDone * bytes) / bytesDone) : rowsDone,
    bytes,
    bytesDone,
    created,
    updated,
    unchanged,
    skipped,
    rejected,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    ...(problem !== null && { message: problem }),
  };
}

const toldOf = (known: ContactImport) =>
  known.state === 'cancelled'
    ? { ...shownImport(known), message: 'It was cancelled; what was done until then stays' }
    : shownImport(known);

const typeOf = ({ state }: ContactImport): 'import_complete' | 'import_error' | 'import_progress' =>
  state === 'complete'
    ? 'import_complete'
    : state === 'failed' || state === 'cancelled'
      ? 'import_error'
      : 'import_progress';

/** How an import stands, for a snapshot; null where there is none of that name. Under `forTenant`. */
export async function readShownImport(transaction: Transaction, id: string) {
  // Whatever a client names may come here.
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) return null;
  const [row] = await transaction.query<ImportRow>(
    `select ${importColumns} from contact_import where id = $1`,
    [id],
  );
  if (row === undefined) return null;
  const known = importOf(row);
  return { type: typeOf(known), row: toldOf(known) };
}

/** Posts it in the transaction that changed it. */
export function tellImport(transaction: Transaction, known: ContactImport): Promise<OutboxMessage[]> {
  const told = toldOf(known);
  return postOutbox(
    transaction,
    changesToPostings({ [typeOf(known)]: [{ tenant: known.tenant, rows: JSON.stringify(told) }] }),
  );
}
