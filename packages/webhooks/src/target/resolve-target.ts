import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hostOf, notPublic } from './check-url.ts';
import { isPublicAddress } from './public-address.ts';
import type { TargetPolicy } from './target-policy.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** More are not tried. */
const addressesMax = 4;

/**
 * The addresses to connect to, and to no others: the name must not be asked again, for the second answer could be another
 * one. A name that has a forbidden address among its addresses is refused as a whole.
 */
export async function resolveTarget(
  url: URL,
  policy: TargetPolicy,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  if (!policy.privateAllowed && !addresses.every(({ address }) => isPublicAddress(address)))
    throw notPublic();
  return addresses.slice(0, addressesMax);
}
