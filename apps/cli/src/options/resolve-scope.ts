import { listPbxs, type Transaction } from '@trunkline/database';
import type { PbxId, TenantId } from '@trunkline/domain';
import { Failure } from '../failure.ts';
import { findTenant } from '../tenant/find-tenant.ts';
import type { ScopeOptions } from './common.ts';

export interface Scope {
  readonly tenant?: TenantId;
  readonly pbx?: PbxId;
}

/** The tenant and PBX that were named, removed ones too: their history stays. */
export async function resolveScope(transaction: Transaction, named: ScopeOptions): Promise<Scope> {
  const tenant = named.tenant === undefined ? undefined : (await findTenant(transaction, named.tenant)).id;
  const own = tenant === undefined ? {} : { tenant };
  if (named.pbx === undefined) return own;
  const [found, second] = await listPbxs(transaction, { ...own, called: named.pbx, removedToo: true });
  if (found === undefined)
    throw new Failure(`There is no PBX "${named.pbx}". "trunkline pbx list --all" shows those there are.`);
  if (second !== undefined)
    throw new Failure(
      `Several PBXs are called "${named.pbx}". Give the id instead; "trunkline pbx list --all" shows them.`,
    );
  return { ...own, pbx: found.id };
}
