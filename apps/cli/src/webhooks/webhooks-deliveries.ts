import type { DeliveryDetail, DeliveryFilter, WebhookAttempt, WebhookDelivery } from '@trunkline/webhooks';
import type { Bench } from '../bench.ts';
import type { JsonOption, PageOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showJson, showPage } from '../output/show-page.ts';
import { facts, table } from '../output/table.ts';
import { when } from '../output/when.ts';
import { withWebhooks } from './open-webhooks.ts';

export interface WebhooksDeliveriesOptions extends PageOptions, Pick<DeliveryFilter, 'status' | 'type'> {
  readonly tenant?: string;
  readonly webhook?: string;
  readonly from?: Date;
}

const errorShownMax = 60;

export async function runWebhooksDeliveries(bench: Bench, options: WebhooksDeliveriesOptions): Promise<void> {
  const { status, type, from: since, webhook: endpoint, limit, after } = options;
  const database = await bench.database();
  const { tenant } = await database.transaction((transaction) =>
    resolveScope(transaction, options.tenant === undefined ? {} : { tenant: options.tenant }),
  );
  const page = await withWebhooks(bench, (webhooks) =>
    webhooks.listDeliveries({ tenant, endpoint, status, type, since }, { limit, after }),
  );
  showPage(bench.terminal, page, options, {
    columns: ['made (UTC)', 'type', 'status', 'attempts', 'answer', 'delivery'],
    rowOf: (delivery) => ({
      'made (UTC)': when(delivery.createdAt),
      type: delivery.type,
      status: delivery.status,
      attempts: String(delivery.attempts),
      answer: answerOf(delivery),
      delivery: delivery.id,
    }),
    nothing: 'There are no deliveries like that.',
  });
}

const answerOf = ({ httpStatus, error }: Pick<WebhookDelivery, 'httpStatus' | 'error'>): string =>
  error?.slice(0, errorShownMax) ?? (httpStatus === null ? '-' : String(httpStatus));

export async function runWebhooksDelivery(
  bench: Bench,
  id: string,
  { json = false }: JsonOption,
): Promise<void> {
  const delivery = await withWebhooks(bench, (webhooks) => webhooks.readDelivery(id));
  if (json) return showJson(bench.terminal, delivery);
  bench.terminal.out(facts(factsOf(delivery)));
  bench.terminal.out('');
  bench.terminal.out(
    table(['at (UTC)', 'attempt', 'took', 'answer', 'response'], delivery.attemptsMade.map(attemptRow)),
  );
}

const factsOf = (delivery: DeliveryDetail): (readonly [string, string])[] => [
  ['delivery', delivery.id],
  ['webhook', delivery.endpoint],
  ['type', delivery.type],
  ['status', delivery.status],
  ['made', when(delivery.createdAt)],
  ['next attempt', when(delivery.nextAttemptAt)],
  ['body', delivery.body],
];

const responseShownMax = 60;

const attemptRow = (attempt: WebhookAttempt) => ({
  'at (UTC)': when(attempt.at),
  attempt: attempt.round === 1 ? String(attempt.number) : `${attempt.number} (round ${attempt.round})`,
  took: `${attempt.durationMs} ms`,
  answer: answerOf(attempt),
  response: attempt.response?.slice(0, responseShownMax) ?? '-',
});
