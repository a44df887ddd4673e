import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CopyingTransaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { mergeRows, type MergedContact, type MergedRows, type RowOutcome } from '../book/merge-rows.ts';
import { sortKeyOf, type ContactCard } from '../contact.ts';
import { copyLine } from './copy-text.ts';
import type { ImportPlan } from './import-plan.ts';
import { readKnown } from './read-known.ts';

export interface ImportName {
  readonly tenant: TenantId;
  readonly id: string;
}

export interface Rejection {
  /** The row's place in the file, from 1 on. */
  readonly row: number;
  readonly reasons: readonly string[];
  readonly cells: readonly string[];
}

export type ChunkCounts = Readonly<Record<RowOutcome | 'rejected', number>>;

export interface ReadChunk {
  readonly cards: readonly ContactCard[];
  readonly rejections: readonly Rejection[];
}

/** Merges a chunk into the contacts of a tenant: a handful of statements, however many rows it has. */
export async function mergeChunk(
  transaction: CopyingTransaction,
  name: ImportName,
  { cards, rejections }: ReadChunk,
  { policy, isDryRun }: Pick<ImportPlan, 'policy' | 'isDryRun'>,
): Promise<ChunkCounts> {
  // Of two imports of a tenant one waits, so that neither makes somebody whom the other one is about to make.
  await transaction.query(`select pg_advisory_xact_lock(hashtextextended('contacts of ' || $1, 0))`, [
    name.tenant,
  ]);
  const known = await readKnown(transaction, name, cards);
  const { outcomes, contacts, attached } = mergeRows(cards, known, { policy, newId: randomUUID });
  if (!isDryRun) await store(transaction, name, contacts, attached);
  await storeRejections(transaction, name, rejections);
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, rejected: rejections.length };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

async function store(
  transaction: CopyingTransaction,
  name: ImportName,
  contacts: readonly MergedContact[],
  attached: MergedRows['attached'],
): Promise<void> {
  const changed = contacts.filter(({ isChanged }) => isChanged);
  if (changed.length > 0) {
    await stage(transaction, changed, attached);
    await mergeStaged(transaction, name);
  }
  const met = contacts.filter(({ isNew }) => !isNew).map(({ id }) => id);
  if (met.length > 0)
    await transaction.query(
      `insert into contact_import_touch (import_id, contact_id)
       select $1::uuid, unnest($2::uuid[]) on conflict do nothing`,
      [name.id, met],
    );
}

/** Tables of the session's own, which write no log and are empty again after each transaction. */
async function stage(
  transaction: CopyingTransaction,
  contacts: readonly MergedContact[],
  attached: MergedRows['attached'],
): Promise<void> {
  await transaction.query(
    `create temporary table if not exists staged_contact (
       place integer, id uuid, is_new boolean, name text, company text, email text, tags text[], notes text, sort_key text
     ) on commit delete rows`,
  );
  await transaction.query(
    `create temporary table if not exists staged_number (
       place integer, contact_id uuid, number text, label text
     ) on commit delete rows`,
  );
  const rows = contacts.map(({ id, card, isNew }, place) =>
    copyLine([place, id, isNew, card.name, card.company, card.email, card.tags, card.notes, sortKeyOf(card)]),
  );
  await copy(transaction, 'staged_contact', rows);
  const places = new Map(attached.map(({ id, number }, place) => [`${id} ${number}`, place]));
  const numbers = contacts.flatMap(({ id, card }) =>
    card.numbers.map(({ number, label }) =>
      copyLine([places.get(`${id} ${number}`) ?? 0, id, number, label]),
    ),
  );
  await copy(transaction, 'staged_number', numbers);
}

async function copy(transaction: CopyingTransaction, table: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await transaction.copyIn(`copy ${table} from stdin`, Readable.from([Buffer.from(lines.join(''))]));
}

async function mergeStaged(transaction: CopyingTransaction, { tenant, id }: ImportName): Promise<void> {
  await transaction.query(
    `insert into contact (id, tenant_id, name, company, email, tags, notes, sort_key, import_id)
     select id, $1, name, company, email, tags, notes, sort_key, $2 from staged_contact where is_new order by place`,
    [tenant, id],
  );
  await transaction.query(
    `update contact c set name = s.name, company = s.company, email = s.email, tags = s.tags, notes = s.notes,
       sort_key = s.sort_key, updated_at = clock_timestamp(), revision = c.revision + 1
     from staged_contact s where c.id = s.id and c.tenant_id = $1 and not s.is_new`,
    [tenant],
  );
  // A contact that somebody deleted between our look and now gets nothing.
  await transaction.query(
    `insert into contact_number as known (tenant_id, number, contact_id, label)
     select $1, s.number, s.contact_id, s.label from staged_number s join contact c on c.id = s.contact_id
     order by s.place
     on conflict (tenant_id, number, contact_id) do update set label = excluded.label
     where known.label is distinct from excluded.label`,
    [tenant],
  );
}

async function storeRejections(
  transaction: CopyingTransaction,
  { tenant, id }: ImportName,
  rejections: readonly Rejection[],
): Promise<void> {
  const lines = rejections.map(({ row, reasons, cells }) =>
    copyLine([id, tenant, row, reasons, cells.map((cell) => cell.replaceAll('\0', '\ufffd').toWellFormed())]),
  );
  if (lines.length === 0) return;
  await transaction.copyIn(
    'copy contact_import_rejection (import_id, tenant_id, row, reasons, cells) from stdin',
    Readable.from([Buffer.from(lines.join(''))]),
  );
}
