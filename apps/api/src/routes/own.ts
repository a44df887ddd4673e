import type { Principal } from '@trunkline/access';
import { listLinks, type ListedLink, type Transaction } from '@trunkline/database';
import type { PbxId } from '@trunkline/domain';
import type { ApiContext } from '../api-context.ts';
import { Problem } from '../http/problem.ts';

/** Reads what is the tenant's, behind both walls. */
export const readOwn = <Result>(
  { database }: Pick<ApiContext, 'database'>,
  { tenant }: Principal,
  read: (transaction: Transaction) => Promise<Result>,
): Promise<Result> => database.forTenant(tenant, (_em, transaction) => read(transaction));

/** A PBX of the tenant; one that is another's is as unknown as one that does not exist. */
export async function ownPbx(context: ApiContext, principal: Principal, pbx: PbxId): Promise<ListedLink> {
  const { tenant } = principal;
  const [link] = await readOwn(context, principal, (tx) => listLinks(tx, { tenant, pbx }));
  if (link !== undefined) return link;
  throw notFound(`There is no PBX ${pbx}; GET /v1/pbxs lists those there are`);
}

export const notFound = (detail: string): Problem => new Problem('not-found', detail);
