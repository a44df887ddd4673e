import { monotonicNow, sleep } from '@trunkline/service-kit';
import type { DeliveryDetail, Webhooks } from '@trunkline/webhooks';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { withWebhooks } from './open-webhooks.ts';

export interface WebhooksTestOptions extends JsonOption {
  readonly wait: number;
}

const lookEveryMs = 100;

/** Sends a test and waits for its outcome, which a worker writes down. */
export async function runWebhooksTest(
  bench: Bench,
  id: string,
  { wait, json = false }: WebhooksTestOptions,
): Promise<void> {
  const delivery = await withWebhooks(bench, async (webhooks) =>
    outcomeOf(webhooks, await webhooks.sendTest(id), wait, bench.signal),
  );
  const [attempt] = delivery.attemptsMade;
  if (delivery.finishedAt === null)
    throw new Failure(
      `No worker has delivered the test yet; see that apps/webhook-worker runs. It stays: trunkline webhooks delivery ${delivery.id}`,
    );
  if (json) showJson(bench.terminal, delivery);
  if (delivery.status !== 'delivered')
    throw new Failure(`The test was not taken: ${delivery.error ?? 'no reason'}.`);
  if (!json)
    bench.terminal.out(`The receiver answered ${delivery.httpStatus} after ${attempt?.durationMs} ms.`);
}

async function outcomeOf(
  webhooks: Webhooks,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<DeliveryDetail> {
  const startedAt = monotonicNow();
  for (;;) {
    const delivery = await webhooks.readDelivery(id);
    if (delivery.finishedAt !== null || monotonicNow() - startedAt > waitMs) return delivery;
    await sleep(lookEveryMs, signal);
  }
}
