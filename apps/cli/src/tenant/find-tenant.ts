import { listTenants, type ListedTenant, type Transaction } from '@trunkline/database';
import { Failure } from '../failure.ts';

/** The tenant that is meant by an id or a name; where only one exists it needs no naming. */
export async function findTenant(
  transaction: Transaction,
  called: string | undefined,
): Promise<ListedTenant> {
  const tenants = await listTenants(transaction);
  const [first, ...others] = tenants;
  if (first === undefined)
    throw new Failure('There are no tenants yet. Add one first: trunkline tenant add <name>');
  const names = tenants.map(({ name }) => name).join(', ');
  if (called === undefined) {
    if (others.length === 0) return first;
    throw new Failure(`Say whose it is with --tenant: there are ${names}.`);
  }
  const [found, second] = tenants.filter(({ id, name }) => name === called || id === called.toLowerCase());
  if (found === undefined) throw new Failure(`There is no tenant "${called}". There are ${names}.`);
  if (second !== undefined) throw new Failure(`Several tenants are called "${called}". Give the id instead.`);
  return found;
}
