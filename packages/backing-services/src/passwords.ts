import { randomBytes } from 'node:crypto';

/** Letters and digits only: it stands in URLs and settings without being escaped. */
export function newPassword(): string {
  return randomBytes(24).toString('hex');
}
