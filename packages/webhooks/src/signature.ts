import { createHmac, randomBytes } from 'node:crypto';

/** Signatures as https://www.standardwebhooks.com has them, so that receivers verify them with any of its libraries. */

const secretPrefix = 'whsec_';
const secretBytes = 32;

export const newSecret = (): string => `${secretPrefix}${randomBytes(secretBytes).toString('base64')}`;

export interface Signed {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
  /** While a secret is being replaced there are two, and a receiver is content with either. */
  readonly secrets: readonly string[];
}

export function signatureHeaders({ id, at, body, secrets }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

const sign = (secret: string, content: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(secretPrefix.length), 'base64'))
    .update(content)
    .digest('base64');

/** The same for every attempt at a delivery, so that a receiver knows a repetition. */
export const webhookIdOf = (delivery: string): string => `msg_${delivery.replaceAll('-', '')}`;
