import type { TenantId } from '@trunkline/domain';

/** Rows of one tenant that a statement changed, each as the JSON object that screens will get, joined by commas. */
export interface Changes {
  readonly tenant: TenantId;
  readonly count: number;
  readonly rows: string;
}

export interface ChangesRow {
  readonly tenant_id: TenantId;
  readonly count: number;
  readonly rows: string;
}

export const changesOf = (row: ChangesRow): Changes => ({
  tenant: row.tenant_id,
  count: row.count,
  rows: row.rows,
});

/**
 * Ends a statement whose `changed` returned rows. PostgreSQL writes the JSON itself, which saves reading every column
 * into JavaScript only to write it out again.
 */
export const selectChanges = (shown: string): string => `
  select tenant_id, count(*)::integer as count,
    string_agg((select row_to_json(shown) from (select ${shown}) as shown)::text, ',') as rows
  from changed group by tenant_id`;
