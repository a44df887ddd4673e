import type { MergePolicy } from '../book/merge-rows.ts';
import type { CountryCode } from '../book/read-number.ts';
import type { ColumnTarget } from '../csv/guess-columns.ts';
import type { FileFormat } from '../csv/read-rows.ts';

/** How a file is read, and what becomes of its rows: what the preview guessed and somebody has agreed to. */
export interface ImportPlan {
  readonly format: FileFormat;
  readonly columns: readonly ColumnTarget[];
  readonly country: CountryCode | null;
  readonly policy: MergePolicy;
  /** Counts what would be done, and does none of it. */
  readonly isDryRun: boolean;
}
