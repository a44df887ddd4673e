import { createHash } from 'node:crypto';
import { EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';

/** Puts small values into cookies that nobody can read or change, and that end by themselves. */
export interface Seal {
  seal(purpose: string, value: JWTPayload, lifeMs: number): Promise<string>;
  /** Null for anything that is not ours, has ended, or was sealed for another purpose. */
  open(purpose: string, sealed: string): Promise<JWTPayload | null>;
}

const algorithm = { alg: 'dir', enc: 'A256GCM' } as const;
const lettersMax = 4_000;

export function createSeal(secret: string): Seal {
  const key = createHash('sha256').update(`trunkline sessions\n${secret}`).digest();
  return {
    seal: (purpose, value, lifeMs) =>
      new EncryptJWT(value)
        .setProtectedHeader(algorithm)
        .setAudience(purpose)
        .setExpirationTime(new Date(Date.now() + lifeMs))
        .encrypt(key),
    async open(purpose, sealed) {
      if (sealed.length > lettersMax) return null;
      try {
        const demands = {
          audience: purpose,
          keyManagementAlgorithms: [algorithm.alg],
          contentEncryptionAlgorithms: [algorithm.enc],
        };
        return (await jwtDecrypt(sealed, key, demands)).payload;
      } catch {
        return null;
      }
    },
  };
}
