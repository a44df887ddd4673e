import { duration, integer, list, oneOf, setting, type TextSchema } from '@trunkline/service-kit';
import * as v from 'valibot';
import type { TargetPolicy } from './target/target-policy.ts';
import { webhookKeysSchema } from './webhook-keys.ts';

const portList = list(integer({ min: 1, max: 65_535 }));

const ports: TextSchema<readonly number[] | 'any'> = v.union([v.literal('any'), portList]);

/** What everybody needs who adds endpoints or delivers to them. Must be the same for all of them. */
export const webhookSettings = {
  keys: setting({
    variable: 'TRUNKLINE_WEBHOOK_KEY',
    schema: webhookKeysSchema,
    secret: true,
    optional: true,
    explain:
      'The key under which the secrets of webhooks lie in the database, with a name. To change it put a new one in front, rotate all secrets, and take the old one away.',
    example: '2026a:put-32-or-more-random-characters-here',
  }),
  private: setting({
    variable: 'TRUNKLINE_WEBHOOK_PRIVATE',
    schema: oneOf(['refuse', 'allow']),
    default: { value: 'refuse', because: 'whoever may add a webhook must not reach our own network with it' },
    explain:
      'Whether webhooks may go to loopback, private and other addresses that are not of the public internet, and over http.',
    example: 'allow',
  }),
  ports: setting({
    variable: 'TRUNKLINE_WEBHOOK_PORTS',
    schema: ports,
    default: { value: '443,8443', because: 'these are for HTTPS, and others may be for anything' },
    explain: 'The ports to which webhooks may go; any for all.',
    example: '443,8443,9443',
  }),
};

/** What the worker needs besides. */
export const webhookWorkSettings = {
  parallel: setting({
    variable: 'TRUNKLINE_WEBHOOK_PARALLEL',
    schema: integer({ min: 1, max: 500 }),
    default: { value: '32', because: 'deliveries mostly wait for somebody else' },
    explain: 'Deliveries that a replica has under way at once, of all endpoints together.',
    example: '100',
  }),
  disableAfterMs: setting({
    variable: 'TRUNKLINE_WEBHOOK_DISABLE_AFTER',
    schema: duration({ min: '1h', max: '60d' }),
    default: { value: '5d', because: 'a broken receiver outlasts a weekend before somebody sees it' },
    explain: 'How long every delivery to an endpoint may fail before the endpoint is disabled.',
    example: '3d',
  }),
  backlogMax: setting({
    variable: 'TRUNKLINE_WEBHOOK_BACKLOG',
    schema: integer({ min: 100, max: 1_000_000 }),
    default: {
      value: '10000',
      because: 'a receiver that is so far behind is better off reading the state anew',
    },
    explain:
      'Deliveries of one endpoint that wait or are retried. Beyond it changes are dropped, and the endpoint is told of the gap.',
    example: '50000',
  }),
  logKeptMs: setting({
    variable: 'TRUNKLINE_WEBHOOK_LOG_KEPT',
    schema: duration({ min: '1h', max: '365d' }),
    default: { value: '7d', because: 'somebody looks into it within a week, and it holds phone numbers' },
    explain: 'How long finished deliveries are kept with their attempts.',
    example: '30d',
  }),
};

export const targetPolicyOf = (settings: {
  readonly private: 'refuse' | 'allow';
  readonly ports: readonly number[] | 'any';
}): TargetPolicy => ({ privateAllowed: settings.private === 'allow', ports: settings.ports });
