import type { WebhookEndpoint } from '@trunkline/webhooks';
import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showJson } from '../output/show-page.ts';
import { table } from '../output/table.ts';
import { when } from '../output/when.ts';
import { withWebhooks } from './open-webhooks.ts';

export interface WebhooksListOptions extends JsonOption {
  readonly tenant?: string;
}

export async function runWebhooksList(
  bench: Bench,
  { tenant: named, json = false }: WebhooksListOptions,
): Promise<void> {
  const database = await bench.database();
  const { tenant } = await database.transaction((transaction) =>
    resolveScope(transaction, named === undefined ? {} : { tenant: named }),
  );
  const endpoints = await withWebhooks(bench, (webhooks) => webhooks.listEndpoints(tenant));
  if (json) return showJson(bench.terminal, endpoints);
  bench.terminal.out(
    endpoints.length === 0
      ? 'There are no webhooks. Add one: trunkline webhooks add <url>'
      : table(
          ['webhook', 'host', 'what for', 'state', 'backlog', 'last success (UTC)'],
          endpoints.map(rowOf),
        ),
  );
}

const rowOf = (endpoint: WebhookEndpoint) => ({
  webhook: endpoint.id,
  host: URL.parse(endpoint.url)?.host ?? '?',
  'what for': endpoint.description ?? '-',
  state: stateOf(endpoint),
  backlog: String(endpoint.backlog),
  'last success (UTC)': when(endpoint.lastSuccessAt),
});

/** In one word or two, as people need it: an endpoint that is enabled may still be in trouble. */
export const stateOf = ({ state, stateReason, failingSince }: WebhookEndpoint): string => {
  if (state === 'disabled') return `disabled: ${stateReason ?? 'asked'}`;
  return failingSince === null ? 'enabled' : 'enabled, failing';
};
