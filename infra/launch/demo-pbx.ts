import { addPbx, addTenant, correctPbx, openDatabase, showPbx } from '@trunkline/database';
import { pbxId, tenantId } from '@trunkline/domain';
import type { Surroundings } from './fleet.ts';

/** Fixed, so that each start finds what the one before has added. */
export const demoTenant = tenantId('0d000000-0000-4000-8000-000000000001');
/** Somebody of it can sign in and must see nothing of the demo. */
export const otherTenant = tenantId('0d000000-0000-4000-8000-0000000000ff');
const tenant = demoTenant;
const pbx = pbxId('0d000000-0000-4000-8000-000000000002');

export const demoCredential = { name: 'demo', username: 'trunkline' } as const;

/** Makes the simulated PBX one of ours: a tenant, and a PBX whose certificate is pinned to the simulator's. */
export async function addDemoPbx({ databaseUrl, ports }: Surroundings): Promise<void> {
  const { address, certificate } = await identityOf(`http://127.0.0.1:${ports['pbx-simulator.control']}`);
  const described = {
    id: pbx,
    tenant,
    name: 'Demo office',
    vendor: 'yeastar',
    address,
    trust: `sha256:${certificate.sha256}`,
    credential: demoCredential.name,
  };
  await using database = await openDatabase({
    url: databaseUrl,
    applicationName: 'trunkline-start',
    connectionsMax: 1,
  });
  await database.transaction(async (transaction) => {
    await addTenant(transaction, { id: tenant, name: 'Demo' });
    await addTenant(transaction, { id: otherTenant, name: 'Elsewhere' });
    if ((await showPbx(transaction, pbx)) === null) await addPbx(transaction, described);
    else await correctPbx(transaction, pbx, described);
  });
}

interface Identity {
  readonly address: string;
  readonly certificate: { readonly sha256: string };
}

async function identityOf(controlUrl: string): Promise<Identity> {
  const response = await fetch(`${controlUrl}/identity`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The simulated PBX does not tell who it is: HTTP ${response.status}`);
  return (await response.json()) as Identity;
}
