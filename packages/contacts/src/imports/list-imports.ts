import {
  limitOf,
  pageOf,
  readCursor,
  timeShape,
  uuidShape,
  type Page,
  type PageRequest,
  type Transaction,
} from '@trunkline/database';
import { importColumns, importOf, type ContactImport, type ImportRow } from './contact-import.ts';
import type { Rejection } from './merge-chunk.ts';

/** Imports, newest first; of one tenant, or under `forTenant`. */
export async function listImports(
  transaction: Transaction,
  { tenant = null }: { readonly tenant?: string | null },
  request: PageRequest,
): Promise<Page<ContactImport>> {
  const limit = limitOf(request);
  const [createdAt = null, id = null] =
    request.after === undefined ? [] : readCursor(request.after, [timeShape, uuidShape]);
  const rows = await transaction.query<ImportRow>(
    `select ${importColumns} from contact_import
     where ($1::uuid is null or tenant_id = $1)
       and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [tenant, createdAt, id, limit + 1],
  );
  return pageOf(rows, limit, importOf, (row) => [row.createdAt, row.id]);
}

/** Rejected rows in pieces, so that a million of them need no more room than a thousand. `read` is asked for each piece. */
export async function* eachRejection(
  read: (work: (transaction: Transaction) => Promise<Rejection[]>) => Promise<Rejection[]>,
  id: string,
): AsyncGenerator<Rejection> {
  let after = 0;
  for (;;) {
    const behind = after;
    const piece = await read((transaction) => readRejections(transaction, id, behind));
    yield* piece;
    const last = piece.at(-1);
    if (last === undefined || piece.length < pieceRows) return;
    after = last.row;
  }
}

const pieceRows = 1_000;

async function readRejections(transaction: Transaction, id: string, after: number): Promise<Rejection[]> {
  const rows = await transaction.query<{ row: number; reasons: string; cells: string }>(
    `select row::float8 as row, array_to_json(reasons)::text as reasons, array_to_json(cells)::text as cells
     from contact_import_rejection where import_id = $1 and row > $2 order by contact_import_rejection.row limit $3`,
    [id, after, pieceRows],
  );
  return rows.map(({ row, reasons, cells }) => ({
    row,
    reasons: JSON.parse(reasons) as string[],
    cells: JSON.parse(cells) as string[],
  }));
}
