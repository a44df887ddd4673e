import type { TenantId } from '@trunkline/domain';

/** Rows of one tenant that a statement wrote, each as the JSON object that screens will get, joined by commas. */
export interface Changes {
  readonly tenant: TenantId;
  /** These rows did not exist before; false: they did, and changed. */
  readonly isNew: boolean;
  readonly count: number;
  readonly rows: string;
}

export interface ChangesRow {
  readonly tenant_id: TenantId;
  readonly is_new: boolean;
  readonly count: number;
  readonly rows: string;
}

export const changesOf = (row: ChangesRow): Changes => ({
  tenant: row.tenant_id,
  isNew: row.is_new,
  count: row.count,
  rows: row.rows,
});

/** So many rows travel in one piece at most; messages are packed of whole pieces. */
const pieceRowsMax = 250;

/**
 * Ends a statement whose `changed` returned rows. PostgreSQL writes the JSON itself, which saves reading every column
 * into JavaScript only to write it out again. A row's first revision is the one with which it was inserted, whoever else
 * tried at the same time, so it alone tells what is new.
 */
export const selectChanges = (shown: string): string => `
  select tenant_id, is_new, count(*)::integer as count, string_agg(row_text, ',') as rows
  from (
    select tenant_id, revision = 1 as is_new, (row_number() over () - 1) / ${pieceRowsMax} as piece,
      (select row_to_json(shown) from (select ${shown}) as shown)::text as row_text
    from changed
  ) as told
  group by tenant_id, is_new, piece order by piece`;

export const countOf = (changes: readonly Changes[]): number =>
  changes.reduce((sum, { count }) => sum + count, 0);
