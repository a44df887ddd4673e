import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { withWebhooks } from './open-webhooks.ts';

export async function runWebhooksRotateSecret(
  bench: Bench,
  id: string,
  { json = false }: JsonOption,
): Promise<void> {
  const secret = await withWebhooks(bench, (webhooks) => webhooks.rotateSecret(id, { by: bench.operator }));
  if (json) return showJson(bench.terminal, { secret });
  bench.terminal.out(secret);
  bench.terminal.note(
    'The line above is the new secret, which is not shown again. The old one verifies for another day.',
  );
}

export async function runWebhooksRemove(bench: Bench, id: string): Promise<void> {
  await withWebhooks(bench, (webhooks) => webhooks.removeEndpoint(id, { by: bench.operator }));
  bench.terminal.out(`Removed the webhook ${id}, and its deliveries with it.`);
}

export async function runWebhooksDisable(bench: Bench, id: string): Promise<void> {
  await withWebhooks(bench, (webhooks) => webhooks.disableEndpoint(id, { by: bench.operator }));
  bench.terminal.out(
    `Disabled the webhook ${id}. What changes from here on it is not told, but that it missed it.`,
  );
}

export interface WebhooksEnableOptions {
  readonly replaySince?: Date;
}

export async function runWebhooksEnable(
  bench: Bench,
  id: string,
  { replaySince }: WebhooksEnableOptions,
): Promise<void> {
  const { replayed } = await withWebhooks(bench, (webhooks) =>
    webhooks.enableEndpoint(id, { by: bench.operator, replaySince }),
  );
  const replay = replaySince === undefined ? '' : ` ${replayed} deliveries are made again.`;
  bench.terminal.out(`The webhook ${id} is enabled.${replay}`);
}

export async function runWebhooksRedeliver(bench: Bench, ids: readonly string[]): Promise<void> {
  await withWebhooks(bench, async (webhooks) => {
    for (const id of ids) {
      await webhooks.redeliver(id);
      bench.terminal.out(`${id}: will be delivered again.`);
    }
  });
}
