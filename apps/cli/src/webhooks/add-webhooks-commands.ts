import { deliveryStatuses, webhookBounds, webhookTypes } from '@trunkline/webhooks';
import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { lengthOfTime, withExamples, withJson, withPage, type JsonOption } from '../options/common.ts';
import { moment, oneOf, someOf, wholeNumber } from '../options/read-option.ts';
import { runWebhooksAdd, type WebhooksAddOptions } from './webhooks-add.ts';
import {
  runWebhooksDisable,
  runWebhooksEnable,
  runWebhooksRedeliver,
  runWebhooksRemove,
  runWebhooksRotateSecret,
  type WebhooksEnableOptions,
} from './webhooks-change.ts';
import {
  runWebhooksDeliveries,
  runWebhooksDelivery,
  type WebhooksDeliveriesOptions,
} from './webhooks-deliveries.ts';
import { runWebhooksList, type WebhooksListOptions } from './webhooks-list.ts';
import { runWebhooksShow } from './webhooks-show.ts';
import { runWebhooksTest, type WebhooksTestOptions } from './webhooks-test.ts';

const example = '0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f';
const idHelp = 'its id, as "webhooks list" shows it';
const now = (): Date => new Date();
const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

export function addWebhooksCommands(trunkline: Command, onBench: OnBench): void {
  const webhooks = trunkline
    .command('webhooks')
    .description('committed changes, posted to addresses of others');
  addEndpointCommands(webhooks, onBench);
  addChangeCommands(webhooks, onBench);
  addDeliveryCommands(webhooks, onBench);
}

function addEndpointCommands(webhooks: Command, onBench: OnBench): void {
  withExamples(
    withJson(webhooks.command('add')),
    'webhooks add https://crm.example.com/hook',
    'webhooks add https://crm.example.com/hook --types new_call,call_update --pbx "Head office"',
  )
    .argument('<url>', 'where changes are posted to')
    .option('--tenant <name>', 'whose changes they are')
    .option('--types <types>', `only these: ${webhookTypes.join(', ')}`, someOf(webhookTypes))
    .option('--pbx <name>', 'only this PBX, by name or id; may be given several times', collected)
    .option('--description <text>', 'what it is for')
    .option(
      '--parallel <count>',
      'deliveries under way at once',
      wholeNumber(1, webhookBounds.parallelMax),
      webhookBounds.parallelDefault,
    )
    .description('adds a webhook and shows its secret, once')
    .action((url: string, options: WebhooksAddOptions) =>
      onBench((bench) => runWebhooksAdd(bench, url, options)),
    );
  withExamples(withJson(webhooks.command('list')), 'webhooks list --tenant Acme')
    .option('--tenant <name>', 'only those of this tenant')
    .description('all webhooks, and how they do')
    .action((options: WebhooksListOptions) => onBench((bench) => runWebhooksList(bench, options)));
  withExamples(withJson(webhooks.command('show')), `webhooks show ${example}`)
    .argument('<webhook>', idHelp)
    .description('one of them, with what was done with it')
    .action((id: string, options: JsonOption) => onBench((bench) => runWebhooksShow(bench, id, options)));
  withExamples(withJson(webhooks.command('test')), `webhooks test ${example}`)
    .argument('<webhook>', idHelp)
    .addOption(lengthOfTime('--wait <time>', 'how long to wait for the outcome', '15s'))
    .description('posts a test and tells how it went; also to one that is disabled')
    .action((id: string, options: WebhooksTestOptions) =>
      onBench((bench) => runWebhooksTest(bench, id, options)),
    );
}

function addChangeCommands(webhooks: Command, onBench: OnBench): void {
  withExamples(withJson(webhooks.command('rotate-secret')), `webhooks rotate-secret ${example}`)
    .argument('<webhook>', idHelp)
    .description('makes a new secret and shows it, once; the old one verifies for another day')
    .action((id: string, options: JsonOption) =>
      onBench((bench) => runWebhooksRotateSecret(bench, id, options)),
    );
  withExamples(webhooks.command('enable'), `webhooks enable ${example} --replay-since 2d`)
    .argument('<webhook>', idHelp)
    .option('--replay-since <time>', 'delivers again what failed or was discarded since then', moment(now))
    .description('begins to deliver again')
    .action((id: string, options: WebhooksEnableOptions) =>
      onBench((bench) => runWebhooksEnable(bench, id, options)),
    );
  withExamples(webhooks.command('disable'), `webhooks disable ${example}`)
    .argument('<webhook>', idHelp)
    .description('delivers nothing to it until it is enabled')
    .action((id: string) => onBench((bench) => runWebhooksDisable(bench, id)));
  withExamples(webhooks.command('remove'), `webhooks remove ${example}`)
    .argument('<webhook>', idHelp)
    .description('gives it up, and its deliveries with it')
    .action((id: string) => onBench((bench) => runWebhooksRemove(bench, id)));
}

function addDeliveryCommands(webhooks: Command, onBench: OnBench): void {
  withExamples(
    withPage(webhooks.command('deliveries')),
    'webhooks deliveries --status failed --from 1d',
    `webhooks deliveries --webhook ${example}`,
  )
    .option('--tenant <name>', 'only those of this tenant')
    .option('--webhook <webhook>', 'only those to this one, by its id')
    .option('--status <status>', `one of ${deliveryStatuses.join(', ')}`, oneOf(deliveryStatuses))
    .option('--type <type>', 'only of this type, such as call_update')
    .option('--from <time>', 'made since then', moment(now))
    .description('the log of deliveries, newest first')
    .action((options: WebhooksDeliveriesOptions) =>
      onBench((bench) => runWebhooksDeliveries(bench, options)),
    );
  withExamples(withJson(webhooks.command('delivery')), `webhooks delivery ${example}`)
    .argument('<delivery>', 'its id, as "webhooks deliveries" shows it')
    .description('one of them, with its body and its attempts')
    .action((id: string, options: JsonOption) => onBench((bench) => runWebhooksDelivery(bench, id, options)));
  withExamples(webhooks.command('redeliver'), `webhooks redeliver ${example}`)
    .argument('<deliveries...>', 'their ids')
    .description('makes finished deliveries again, under the same webhook-id')
    .action((ids: string[]) => onBench((bench) => runWebhooksRedeliver(bench, ids)));
}
