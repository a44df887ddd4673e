import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/** What goes on at a PBX as far as is known here. Once a lost link was cleaned up after, both counts are 0. */
export interface PbxActivity {
  readonly pbx: PbxId;
  readonly name: string;
  readonly tenant: TenantId;
  /** Somebody listens to it; if not, what is counted may be left over. */
  readonly linkOpen: boolean;
  /** Phones that are ringing, in a call or busy. */
  readonly engagedExtensions: number;
  readonly openCalls: number;
}

/** The view `pbx_activity`, by name. */
export async function listPbxActivity(
  transaction: Transaction,
  { tenant = null }: { readonly tenant?: TenantId | null } = {},
): Promise<PbxActivity[]> {
  return transaction.query<PbxActivity>(
    `select a.pbx_id as pbx, p.name, a.tenant_id as tenant, a.link_open as "linkOpen",
       a.engaged_extensions as "engagedExtensions", a.open_calls as "openCalls"
     from pbx_activity a join pbx p on p.id = a.pbx_id
     where ($1::uuid is null or a.tenant_id = $1)
       and (p.removed_at is null or a.engaged_extensions > 0 or a.open_calls > 0)
     order by p.name, p.id`,
    [tenant],
  );
}
