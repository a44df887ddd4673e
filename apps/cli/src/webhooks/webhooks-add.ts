import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showJson } from '../output/show-page.ts';
import { findTenant } from '../tenant/find-tenant.ts';
import { withWebhooks } from './open-webhooks.ts';

export interface WebhooksAddOptions extends JsonOption {
  readonly tenant?: string;
  readonly pbx?: readonly string[];
  readonly types?: readonly string[];
  readonly description?: string;
  readonly parallel?: number;
}

export async function runWebhooksAdd(bench: Bench, url: string, options: WebhooksAddOptions): Promise<void> {
  const { types, description, parallel, json = false } = options;
  const database = await bench.database();
  const { tenant, pbxs } = await database.transaction(async (transaction) => {
    const { id } = await findTenant(transaction, options.tenant);
    const named: string[] = [];
    for (const pbx of options.pbx ?? [])
      named.push((await resolveScope(transaction, { tenant: id, pbx })).pbx ?? pbx);
    return { tenant: id, pbxs: named };
  });
  const wishes = {
    tenant,
    url,
    ...(types !== undefined && { types }),
    ...(pbxs.length > 0 && { pbxs }),
    ...(description !== undefined && { description }),
    ...(parallel !== undefined && { parallel }),
  };
  const added = await withWebhooks(bench, (webhooks) => webhooks.addEndpoint(wishes, bench.operator));
  if (json) return showJson(bench.terminal, added);
  bench.terminal.out(added.secret);
  bench.terminal.note(
    `Added the webhook ${added.endpoint.id}. The line above is its secret, which is not shown again.\n` +
      `Try it: trunkline webhooks test ${added.endpoint.id}`,
  );
}
