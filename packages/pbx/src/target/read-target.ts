import type { Credentials } from '../credentials/create-credentials.ts';
import type { PbxTarget } from '../port/target.ts';
import { readAddress } from './read-address.ts';
import { readOptions } from './read-options.ts';
import { readTrust } from './read-trust.ts';
import { readVendor } from './read-vendor.ts';

/** A PBX as somebody entered it. */
export interface EnteredPbx {
  readonly pbx: string;
  readonly vendor: string;
  readonly address: string | null;
  readonly trust: string;
  readonly credential: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Rejects with a TargetError or a CredentialError, which say what was entered wrong. */
export async function readTarget(entered: EnteredPbx, credentials: Credentials): Promise<PbxTarget> {
  const vendor = readVendor(entered.vendor);
  return {
    id: entered.pbx,
    vendor,
    address: readAddress(vendor, entered.address ?? ''),
    trust: readTrust(entered.trust),
    credential: await credentials.find(entered.credential ?? ''),
    options: readOptions(entered.options),
  };
}
