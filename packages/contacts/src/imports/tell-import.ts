import { changesToPostings, postOutbox, type OutboxMessage, type Transaction } from '@trunkline/database';
import type { ContactImport } from './contact-import.ts';

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

const typeOf = ({ state }: ContactImport) =>
  state === 'complete'
    ? 'import_complete'
    : state === 'failed' || state === 'cancelled'
      ? 'import_error'
      : 'import_progress';

/** Posts it in the transaction that changed it. */
export function tellImport(transaction: Transaction, known: ContactImport): Promise<OutboxMessage[]> {
  const row = shownImport(known);
  const told =
    known.state === 'cancelled'
      ? { ...row, message: 'It was cancelled; what was done until then stays' }
      : row;
  return postOutbox(
    transaction,
    changesToPostings({ [typeOf(known)]: [{ tenant: known.tenant, rows: JSON.stringify(told) }] }),
  );
}
