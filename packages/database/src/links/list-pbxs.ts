import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/** A PBX as an operator sees it, with the link to it. */
export interface ListedPbx {
  readonly id: PbxId;
  readonly tenant: TenantId;
  readonly name: string;
  readonly vendor: string;
  readonly address: string | null;
  readonly trust: string;
  readonly credential: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly link: {
    readonly state: string;
    readonly reason: string | null;
    readonly since: Date;
    readonly nextAttemptAt: Date | null;
    readonly alarm: string | null;
    /** Null where nobody holds it, and so nobody knows how it stands. */
    readonly heldBy: string | null;
    /** When whoever holds it loses it, unless the lease is renewed; null where nobody does. */
    readonly leaseExpiresAt: Date | null;
    /** When it last said anything, to within a renewal of the lease; null where it never did. */
    readonly heardAt: Date | null;
    readonly epoch: number;
    readonly failures: number;
    readonly credentialFailures: number;
    readonly snapshotAt: Date | null;
    readonly product: string | null;
    readonly warnings: readonly string[];
    readonly blocks: readonly { readonly egress: string; readonly until: string; readonly reason: string }[];
  };
}

export interface PbxFilter {
  readonly tenant?: TenantId;
  /** A PBX's id or its name. */
  readonly called?: string;
  readonly removedToo?: boolean;
}

/** PBXs by name. Several may have the same: a name is for people. */
export async function listPbxs(transaction: Transaction, filter: PbxFilter = {}): Promise<ListedPbx[]> {
  const { tenant = null, called = null, removedToo = false } = filter;
  const rows = await transaction.query<ListedRow>(listing, [tenant, called, removedToo]);
  return rows.map(listedPbxOf);
}

const listing = `
  select p.id, p.tenant_id, p.name, p.vendor, p.address, p.trust, p.credential, p.options::text as options,
    p.enabled, p.removed_at is not null as removed, l.state, l.reason, l.since, l.next_attempt_at, l.alarm,
    case when l.lease_expires_at > clock_timestamp() then coalesce(c.name, l.lease_owner) end as held_by,
    case when l.lease_expires_at > clock_timestamp() then l.lease_expires_at end as lease_expires_at,
    l.heard_at, l.epoch, l.failures, l.credential_failures, l.snapshot_at, l.product, array_to_json(l.warnings)::text as warnings,
    (select coalesce(json_agg(json_build_object('egress', b.egress, 'until', b.until, 'reason', b.reason)), '[]')::text
     from pbx_block b where b.pbx_id = p.id and b.until > clock_timestamp()) as blocks
  from pbx p join pbx_link l on l.pbx_id = p.id left join connector c on c.id = l.lease_owner
  where ($1::uuid is null or p.tenant_id = $1) and ($2::text is null or p.id::text = lower($2) or p.name = $2)
    and ($3 or p.removed_at is null)
  order by p.name, p.id`;

interface ListedRow {
  readonly id: PbxId;
  readonly tenant_id: TenantId;
  readonly name: string;
  readonly vendor: string;
  readonly address: string | null;
  readonly trust: string;
  readonly credential: string | null;
  readonly options: string;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly state: string;
  readonly reason: string | null;
  readonly since: string;
  readonly next_attempt_at: string | null;
  readonly alarm: string | null;
  readonly held_by: string | null;
  readonly lease_expires_at: string | null;
  readonly heard_at: string | null;
  readonly epoch: string;
  readonly failures: number;
  readonly credential_failures: number;
  readonly snapshot_at: string | null;
  readonly product: string | null;
  readonly warnings: string;
  readonly blocks: string;
}

function listedPbxOf(row: ListedRow): ListedPbx {
  const { id, name, vendor, address, trust, credential, enabled, removed } = row;
  return {
    id,
    tenant: row.tenant_id,
    name,
    vendor,
    address,
    trust,
    credential,
    options: JSON.parse(row.options) as ListedPbx['options'],
    enabled,
    removed,
    link: {
      state: row.state,
      reason: row.reason,
      since: new Date(row.since),
      nextAttemptAt: dateOf(row.next_attempt_at),
      alarm: row.alarm,
      heldBy: row.held_by,
      leaseExpiresAt: dateOf(row.lease_expires_at),
      heardAt: dateOf(row.heard_at),
      epoch: Number(row.epoch),
      failures: row.failures,
      credentialFailures: row.credential_failures,
      snapshotAt: dateOf(row.snapshot_at),
      product: row.product,
      warnings: JSON.parse(row.warnings) as string[],
      blocks: JSON.parse(row.blocks) as ListedPbx['link']['blocks'],
    },
  };
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** One PBX by its id. */
export async function showPbx(transaction: Transaction, id: PbxId): Promise<ListedPbx | null> {
  const [pbx] = await listPbxs(transaction, { called: id, removedToo: true });
  return pbx ?? null;
}
