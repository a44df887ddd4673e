import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { ContactError } from '../contact-error.ts';
import type { ImportPlan } from './import-plan.ts';

export const importStates = ['uploaded', 'waiting', 'running', 'complete', 'failed', 'cancelled'] as const;
export type ImportState = (typeof importStates)[number];

export interface ContactImport {
  readonly id: string;
  readonly tenant: TenantId;
  readonly fileKey: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly isUtf8: boolean;
  readonly state: ImportState;
  readonly cancelWanted: boolean;
  readonly plan: ImportPlan | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly rowsDone: number;
  readonly bytesDone: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly problem: string | null;
  readonly revision: number;
}

export type ImportRow = Omit<ContactImport, 'plan' | 'createdAt' | 'startedAt' | 'finishedAt'> & {
  readonly plan: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
};

export const importColumns = `id, tenant_id as tenant, file_key as "fileKey", file_name as "fileName", bytes::float8 as bytes, sha256,
  is_utf8 as "isUtf8", state, cancel_wanted as "cancelWanted", plan::text as plan, created_by as "createdBy",
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", rows_done::float8 as "rowsDone",
  bytes_done::float8 as "bytesDone", created::float8 as created, updated::float8 as updated,
  unchanged::float8 as unchanged, skipped::float8 as skipped, rejected::float8 as rejected, problem, revision`;

export const importOf = (row: ImportRow): ContactImport => ({
  ...row,
  plan: row.plan === null ? null : (JSON.parse(row.plan) as ImportPlan),
  createdAt: new Date(row.createdAt),
  startedAt: row.startedAt === null ? null : new Date(row.startedAt),
  finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt),
});

export interface ImportAddress {
  readonly id: string;
  /** Narrows what can be found. */
  readonly tenant?: TenantId | undefined;
}

export const readImport = (transaction: Transaction, address: ImportAddress): Promise<ContactImport> =>
  find(transaction, address, '');

/** Keeps others from changing it until the end of the transaction. */
export const lockImport = (transaction: Transaction, address: ImportAddress): Promise<ContactImport> =>
  find(transaction, address, 'for update');

async function find(
  transaction: Transaction,
  { id, tenant }: ImportAddress,
  lock: string,
): Promise<ContactImport> {
  const [row] = await transaction.query<ImportRow>(
    `select ${importColumns} from contact_import where id = $1 and ($2::uuid is null or tenant_id = $2) ${lock}`,
    [id, tenant ?? null],
  );
  if (row === undefined) throw new ContactError('unknown', `There is no import ${id}`);
  return importOf(row);
}

export interface NewImport {
  readonly id: string;
  readonly tenant: TenantId;
  readonly fileKey: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly isUtf8: boolean;
  readonly by: string;
}

/** An import whose file is stored; nothing becomes of it until it is started. */
export async function insertImport(transaction: Transaction, wanted: NewImport): Promise<ContactImport> {
  const { id, tenant, fileKey, fileName, bytes, sha256, isUtf8, by } = wanted;
  await transaction.query(
    `insert into contact_import (id, tenant_id, file_key, file_name, bytes, sha256, is_utf8, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, tenant, fileKey, fileName, bytes, sha256, isUtf8, by],
  );
  return readImport(transaction, { id, tenant });
}

/** Lets a worker begin. One that was started already is not started again. */
export async function startImport(
  transaction: Transaction,
  address: ImportAddress,
  plan: ImportPlan,
): Promise<ContactImport> {
  const known = await lockImport(transaction, address);
  if (known.state !== 'uploaded')
    throw new ContactError(
      'conflict',
      `The import was started already and is ${known.state}; upload the file again`,
    );
  await transaction.query(
    `update contact_import set state = 'waiting', plan = $2::jsonb, revision = revision + 1 where id = $1`,
    [known.id, JSON.stringify(plan)],
  );
  return readImport(transaction, address);
}

/** What is committed stays. One that runs ends at its next chunk; one that waits, or was never started, at once. */
export async function cancelImport(transaction: Transaction, address: ImportAddress): Promise<ContactImport> {
  const known = await lockImport(transaction, address);
  if (known.finishedAt !== null)
    throw new ContactError('conflict', `The import has ended already and is ${known.state}`);
  await transaction.query(
    `update contact_import set cancel_wanted = true, revision = revision + 1,
       state = case state when 'running' then state else 'cancelled' end,
       finished_at = case state when 'running' then null else clock_timestamp() end
     where id = $1`,
    [known.id],
  );
  return readImport(transaction, address);
}
