import { listPbxs, type ListedPbx, type Transaction } from '@trunkline/database';
import { Failure } from '../failure.ts';

/** The PBX that is meant by an id or a name. */
export async function findPbx(transaction: Transaction, called: string): Promise<ListedPbx> {
  const [found, second] = await listPbxs(transaction, { called });
  if (second !== undefined)
    throw new Failure(
      `Several PBXs are called "${called}". Give the id instead; "trunkline pbx list" shows them.`,
    );
  if (found !== undefined) return found;
  const known = (await listPbxs(transaction)).map(({ name }) => name);
  throw new Failure(
    `There is no PBX "${called}". ${known.length === 0 ? 'None has been added yet.' : `There are ${known.join(', ')}.`}`,
  );
}
