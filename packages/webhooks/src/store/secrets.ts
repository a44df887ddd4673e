import { randomUUID } from 'node:crypto';
import type { Transaction } from '@trunkline/database';
import { newSecret } from '../signature.ts';
import { webhookBounds } from '../webhook-bounds.ts';
import type { WebhookKeys } from '../webhook-keys.ts';

/** Makes a secret and gives it in the clear, the only time that anybody sees it. Those before it sign for a while longer. */
export async function addSecret(
  transaction: Transaction,
  endpoint: string,
  keys: WebhookKeys,
): Promise<string> {
  const secret = newSecret();
  const overlap = `clock_timestamp() + ${webhookBounds.secretOverlapMs} * interval '1 millisecond'`;
  await transaction.query(
    `update webhook_secret set expires_at = ${overlap} where endpoint_id = $1 and expires_at is null`,
    [endpoint],
  );
  await transaction.query('insert into webhook_secret (id, endpoint_id, sealed) values ($1, $2, $3)', [
    randomUUID(),
    endpoint,
    keys.seal(secret, endpoint),
  ]);
  await transaction.query(
    `delete from webhook_secret where endpoint_id = $1 and id not in (
       select id from webhook_secret where endpoint_id = $1
         and (expires_at is null or expires_at > clock_timestamp())
       order by created_at desc limit ${webhookBounds.secretsMax})`,
    [endpoint],
  );
  return secret;
}

/** As they lie in the database: those that sign now, the newest first. */
export async function sealedSecrets(transaction: Transaction, endpoint: string): Promise<string[]> {
  const rows = await transaction.query<{ readonly sealed: string }>(
    `select sealed from webhook_secret
     where endpoint_id = $1 and (expires_at is null or expires_at > clock_timestamp())
     order by created_at desc limit ${webhookBounds.secretsMax}`,
    [endpoint],
  );
  return rows.map(({ sealed }) => sealed);
}
