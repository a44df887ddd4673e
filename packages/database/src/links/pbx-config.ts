import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/** What is known of a PBX before anybody talks to it, as it was entered. */
export interface PbxConfig {
  readonly pbx: PbxId;
  readonly tenant: TenantId;
  readonly name: string;
  readonly vendor: string;
  readonly address: string | null;
  readonly trust: string;
  readonly credential: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** Nobody shall connect to a PBX that is not: it was disabled or removed, or was never given an address. */
  readonly wanted: boolean;
  /** Differs whenever anything above does. */
  readonly mark: string;
}

/** A PBX that somebody should hold a link to. */
export const isWanted =
  'p.enabled and p.removed_at is null and p.address is not null and p.credential is not null';

export const configMark = `md5(row(p.name, p.vendor, p.address, p.trust, p.credential, p.options, ${isWanted})::text)`;

export const configColumns = `p.id as pbx, p.tenant_id as tenant, p.name, p.vendor, p.address, p.trust, p.credential,
  p.options, ${isWanted} as wanted, ${configMark} as mark`;

export async function readPbxConfig(transaction: Transaction, pbx: PbxId): Promise<PbxConfig | null> {
  const [row] = await transaction.query<PbxConfig>(`select ${configColumns} from pbx p where p.id = $1`, [
    pbx,
  ]);
  return row === undefined ? null : configOf(row);
}

/** Rows of other statements carry more; only what belongs here is taken. */
export function configOf(row: PbxConfig): PbxConfig {
  const { pbx, tenant, name, vendor, address, trust, credential, wanted, mark } = row;
  return {
    pbx,
    tenant,
    name,
    vendor,
    address,
    trust,
    credential,
    options: objectOf(row.options),
    wanted,
    mark,
  };
}

/** The driver leaves JSON as text, since entities read it themselves. */
function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  return (typeof json === 'string' ? JSON.parse(json) : json) as Readonly<Record<string, unknown>>;
}
