import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

export interface NewPbx {
  /** A random one unless given. */
  readonly id?: PbxId;
  readonly tenant: TenantId;
  readonly name: string;
  readonly vendor: string;
  readonly address: string;
  readonly trust: string;
  /** The name of the credential. */
  readonly credential: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The tenant is not known here. */
export class UnknownTenantError extends Error {
  override readonly name = 'UnknownTenantError';
}

/** Adds a PBX; a connector takes it up within a moment. */
export async function addPbx(transaction: Transaction, pbx: NewPbx): Promise<PbxId> {
  const { id = null, tenant, name, vendor, address, trust, credential, options = {} } = pbx;
  const [row] = await transaction.query<{ id: PbxId }>(
    `insert into pbx (id, tenant_id, name, vendor, address, trust, credential, options)
     select coalesce($1::uuid, gen_random_uuid()), t.id, $3, $4, $5, $6, $7, $8::jsonb from tenant t where t.id = $2
     returning id`,
    [id, tenant, name, vendor, address, trust, credential, JSON.stringify(options)],
  );
  if (row === undefined)
    throw new UnknownTenantError(`no tenant ${tenant} is known here; add it before its PBX`);
  return row.id;
}

/** Describes a PBX anew; its id, its tenant and what is known of it stay. Whoever holds the link connects anew. */
export async function correctPbx(transaction: Transaction, id: PbxId, pbx: NewPbx): Promise<boolean> {
  const { name, vendor, address, trust, credential, options = {} } = pbx;
  const rows = await transaction.query(
    `update pbx set name = $2, vendor = $3, address = $4, trust = $5, credential = $6, options = $7::jsonb
     where id = $1 and removed_at is null returning id`,
    [id, name, vendor, address, trust, credential, JSON.stringify(options)],
  );
  return rows.length > 0;
}

/** Switches a PBX off or on again: whoever holds the link lets go of it, and what was open counts as lost. */
export async function enablePbx(transaction: Transaction, id: PbxId, enabled: boolean): Promise<boolean> {
  const rows = await transaction.query(
    `update pbx set enabled = $2 where id = $1 and removed_at is null returning id`,
    [id, enabled],
  );
  return rows.length > 0;
}

/** The PBX is gone for good; what is known of its calls stays. Returns false where it was not there any more. */
export async function removePbx(transaction: Transaction, id: PbxId): Promise<boolean> {
  const rows = await transaction.query(
    `update pbx set removed_at = now() where id = $1 and removed_at is null returning id`,
    [id],
  );
  return rows.length > 0;
}
