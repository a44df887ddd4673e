import type { AuditEntry, WebhookEndpoint } from '@trunkline/webhooks';
import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { facts, table } from '../output/table.ts';
import { when, whenAndAgo } from '../output/when.ts';
import { withWebhooks } from './open-webhooks.ts';
import { stateOf } from './webhooks-list.ts';

export async function runWebhooksShow(bench: Bench, id: string, { json = false }: JsonOption): Promise<void> {
  const { endpoint, audit } = await withWebhooks(bench, async (webhooks) => ({
    endpoint: await webhooks.readEndpoint(id),
    audit: await webhooks.readAudit(id),
  }));
  if (json) return showJson(bench.terminal, { ...endpoint, audit });
  bench.terminal.out(facts(factsOf(endpoint, bench.now())));
  bench.terminal.out('');
  bench.terminal.out(table(['when (UTC)', 'what', 'by', 'detail'], audit.map(auditRow)));
}

function factsOf(endpoint: WebhookEndpoint, now: Date): (readonly [string, string])[] {
  const { types, pbxs, failingSince, gapSince } = endpoint;
  return [
    ['webhook', endpoint.id],
    ['what for', endpoint.description ?? '-'],
    ['tenant', endpoint.tenant],
    ['url', endpoint.url],
    ['types', types?.join(', ') ?? 'all'],
    ['pbxs', pbxs?.join(', ') ?? 'all'],
    ['at once', String(endpoint.parallel)],
    ['state', `${stateOf(endpoint)}, since ${whenAndAgo(endpoint.stateSince, now)}`],
    ['backlog', String(endpoint.backlog)],
    ['last success', when(endpoint.lastSuccessAt)],
    ['last failure', when(endpoint.lastFailureAt)],
    ['last error', endpoint.lastError ?? '-'],
    ...(failingSince === null
      ? []
      : [['failing', `since ${whenAndAgo(failingSince, now)}, ${endpoint.failures} attempts`] as const]),
    ...(gapSince === null
      ? []
      : [['gap to tell', `since ${whenAndAgo(gapSince, now)}, ${endpoint.gapMissed} or more`] as const]),
  ];
}

const auditRow = ({ at, action, by, detail }: AuditEntry) => ({
  'when (UTC)': when(at),
  what: action,
  by,
  detail: detail ?? '-',
});
