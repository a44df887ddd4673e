import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { withDeadline, type Logger, type RedisConnection } from '@trunkline/service-kit';
import type { SessionStore } from '../port/connection.ts';
import type { Credential } from '../port/target.ts';

export interface SessionStoreOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly pbx: string;
  readonly credential: Credential;
  readonly logger: Logger;
  readonly wallNow: () => number;
}

const answerMs = 2_000;
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Keeps what a login gave where the next holder of the link finds it. It is worth as much as a login, so it lies there
 * encrypted with a key made of the credential: whoever has the credential could log in anyway, and after a change of
 * credential nothing old can be read. Redis being away costs a login and no more.
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { redis, prefix, pbx, credential, logger, wallNow } = options;
  const key = `${prefix}:{${pbx}}:session`;
  const secretKey = keyOf(credential, pbx);

  async function bounded<Result>(what: string, command: () => Promise<Result>): Promise<Result | null> {
    try {
      return await withDeadline(command(), answerMs, what);
    } catch (error) {
      logger.warn({ err: error }, `${what} failed; the PBX may have to be asked for a new session`);
      return null;
    }
  }

  return {
    async read() {
      const sealed = await bounded('reading the session', () => redis.get(key));
      return sealed === null ? null : open(sealed, secretKey);
    },
    async write(text, expiresAt) {
      const ttlMs = Math.floor(expiresAt - wallNow());
      if (ttlMs <= 0) return;
      await bounded('keeping the session', () => redis.set(key, seal(text, secretKey), 'PX', ttlMs));
    },
    async clear() {
      await bounded('forgetting the session', () => redis.del(key));
    },
  };
}

function keyOf({ username, secret }: Credential, pbx: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, pbx, `trunkline session of ${username}`, 32));
}

function seal(text: string, key: Uint8Array): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce);
  const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64');
}

/** Null for what another credential sealed. */
function open(sealed: string, key: Uint8Array): string | null {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes));
    opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}
