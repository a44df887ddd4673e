import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { maybeDate } from './listed-call.ts';

/** A PBX and its link as a tenant may see them: as screens are told of links, without where it is and how one logs in. */
export interface ListedLink {
  readonly pbx: PbxId;
  readonly name: string;
  readonly vendor: string;
  readonly enabled: boolean;
  /** Somebody holds the link; if not, nobody knows how it stands, whatever its state says. */
  readonly held: boolean;
  readonly open: boolean;
  readonly state: string;
  readonly reason: string | null;
  readonly since: Date;
  readonly nextAttemptAt: Date | null;
  readonly alarm: string | null;
  readonly product: string | null;
  readonly warnings: readonly string[];
  readonly snapshotAt: Date | null;
  readonly revision: number;
}

type Row = Omit<ListedLink, 'since' | 'nextAttemptAt' | 'snapshotAt' | 'warnings'> & {
  readonly since: string;
  readonly nextAttemptAt: string | null;
  readonly snapshotAt: string | null;
  readonly warnings: string;
};

/** The PBXs that were not removed, by name. `listPbxs` tells operators more, and is for services only. */
export async function listLinks(
  transaction: Transaction,
  { tenant = null, pbx = null }: { readonly tenant?: TenantId | null; readonly pbx?: PbxId | null } = {},
): Promise<ListedLink[]> {
  const rows = await transaction.query<Row>(
    `select p.id as pbx, p.name, p.vendor, p.enabled, coalesce(l.lease_expires_at > clock_timestamp(), false) as held,
       l.open, l.state, l.reason, l.since, l.next_attempt_at as "nextAttemptAt", l.alarm, l.product,
       array_to_json(l.warnings)::text as warnings, l.snapshot_at as "snapshotAt", l.revision
     from pbx p join pbx_link l on l.pbx_id = p.id
     where p.removed_at is null and ($1::uuid is null or p.tenant_id = $1) and ($2::uuid is null or p.id = $2)
     order by p.name, p.id`,
    [tenant, pbx],
  );
  return rows.map((row) => ({
    ...row,
    since: new Date(row.since),
    nextAttemptAt: maybeDate(row.nextAttemptAt),
    snapshotAt: maybeDate(row.snapshotAt),
    warnings: JSON.parse(row.warnings) as string[],
  }));
}
