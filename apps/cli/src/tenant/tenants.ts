import { addTenant, listTenants } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { table } from '../output/table.ts';

export async function runTenantAdd(bench: Bench, name: string): Promise<void> {
  const database = await bench.database();
  const id = await database.transaction(async (transaction) => {
    const known = await listTenants(transaction);
    if (known.some((tenant) => tenant.name === name))
      throw new Failure(`There is already a tenant "${name}".`);
    return await addTenant(transaction, { name });
  });
  bench.terminal.out(`Added the tenant ${name} (${id}).`);
}

export async function runTenantList(bench: Bench, { json = false }: JsonOption): Promise<void> {
  const database = await bench.database();
  const tenants = await database.transaction((transaction) => listTenants(transaction));
  if (json) return showJson(bench.terminal, tenants);
  bench.terminal.out(
    tenants.length === 0
      ? 'There are no tenants yet. Add one: trunkline tenant add <name>'
      : table(
          ['id', 'name'],
          tenants.map(({ id, name }) => ({ id, name })),
        ),
  );
}
