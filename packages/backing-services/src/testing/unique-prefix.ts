import { randomBytes } from 'node:crypto';

/** A key prefix that no other test has, for the Redis they share. Without braces: the hash tag is the key's own. */
export function uniquePrefix(name: string): string {
  return `${name}:${randomBytes(6).toString('hex')}:`;
}
