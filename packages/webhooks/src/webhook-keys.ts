import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { TextSchema } from '@trunkline/service-kit';
import * as v from 'valibot';

/**
 * The keys under which secrets of endpoints lie in the database: the first seals, all of them open. A key is named in what
 * it sealed, so that a new one can be put in front while the old one stays behind it until every secret was rotated.
 */
export interface WebhookKeys {
  /** `context` is what the text belongs to: it opens under the same context only, so nobody can move it elsewhere. */
  seal(text: string, context: string): string;
  open(sealed: string, context: string): string;
}

interface NamedKey {
  readonly name: string;
  readonly key: Buffer;
}

const format = 'v1';
const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes, keyBytes] = [12, 16, 32];
const namedSecret = /^([A-Za-z0-9_-]{1,32}):([!-+\--~]{32,512})$/;

/** `name:secret`, several of them separated by commas. */
export const webhookKeysSchema: TextSchema<WebhookKeys> = v.pipe(
  v.string(),
  v.description('a key such as 2026a:<32 or more random characters>, several separated by commas'),
  v.check(
    (text) => text.split(',').every((part) => namedSecret.test(part.trim())),
    'must be <name>:<32 or more random characters without commas>, several separated by commas',
  ),
  v.transform((text) => createWebhookKeys(text)),
);

export function createWebhookKeys(text: string): WebhookKeys {
  const keys = text.split(',').map((part) => keyOf(part.trim()));
  return {
    seal(secret, context) {
      const [first] = keys;
      if (first === undefined) throw new TypeError('there is no key to seal with');
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, first.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const packed = Buffer.concat([iv, cipher.getAuthTag(), sealed]);
      return `${format}.${first.name}.${packed.toString('base64url')}`;
    },
    open(sealed, context) {
      const [version, name, packed = ''] = sealed.split('.');
      const found = keys.find((key) => key.name === name);
      if (version !== format || found === undefined)
        throw new Error(
          `a secret was sealed under the key "${name}", which TRUNKLINE_WEBHOOK_KEY does not hold: add it behind the others`,
        );
      const bytes = Buffer.from(packed, 'base64url');
      const decipher = createDecipheriv(algorithm, found.key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

function keyOf(part: string): NamedKey {
  const [, name, secret] = namedSecret.exec(part) ?? [];
  if (name === undefined || secret === undefined) throw new TypeError('a key is <name>:<secret>');
  return { name, key: Buffer.from(hkdfSync('sha256', secret, '', 'trunkline webhook secrets', keyBytes)) };
}
