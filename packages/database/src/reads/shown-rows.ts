import { shownCleanupRunColumns } from '../cleanup/cleanup-runs.ts';
import { shownLinkColumns } from '../links/store-link.ts';
import type { Transaction } from '../transaction.ts';
import { shownCallColumns } from '../writes/write-calls.ts';
import { shownExtensionColumns } from '../writes/write-extensions.ts';

/** A row exactly as a message of the outbox tells it, so that a screen may merge both by their `revision`. */
export type ShownRow = Readonly<Record<string, unknown>>;

/** For a snapshot: what a tenant's screens would know if they had heard every message. Under `forTenant`. */
export const readShown = {
  /** The open calls; of one phone, if it is named. */
  calls: (transaction: Transaction, extension: string | null = null): Promise<ShownRow[]> =>
    rows(
      transaction,
      `select ${shownCallColumns} from call
       where status <> 'ended' and ($1::text is null or $1 = any(extensions))`,
      [extension],
    ),

  extensions: (transaction: Transaction): Promise<ShownRow[]> =>
    rows(transaction, `select ${shownExtensionColumns} from extension`),

  /** The links of PBXs that were not removed, each with what its PBX is called. */
  links: (transaction: Transaction): Promise<ShownRow[]> =>
    rows(
      transaction,
      `select shown.*, p.name, p.vendor, p.enabled,
         coalesce(l.lease_expires_at > clock_timestamp(), false) as held
       from pbx_link l join pbx p on p.id = l.pbx_id
         cross join lateral (select ${shownLinkColumns}) shown
       where p.removed_at is null`,
    ),

  cleanupRuns: (transaction: Transaction, newest: number): Promise<ShownRow[]> =>
    rows(
      transaction,
      `select ${shownCleanupRunColumns} from cleanup_run order by started_at desc, id desc limit $1`,
      [newest],
    ),
};

/** PostgreSQL writes the JSON, as it does for messages: times and numbers then read the same in both. */
async function rows(
  transaction: Transaction,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<ShownRow[]> {
  const found = await transaction.query<{ row: string }>(
    `select row_to_json(shown)::text as row from (${statement}) as shown`,
    parameters,
  );
  return found.map(({ row }) => JSON.parse(row) as ShownRow);
}
