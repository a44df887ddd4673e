import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

export const signingAlgorithm = 'ES256';

/** The key of this checkout: made at the first start and kept, so that tokens outlive a restart. */
export async function keepSigningKey(directory: string): Promise<JWK> {
  const path = join(directory, 'signing-key.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`The signing key ${path} can't be read; delete it to get a new one`, { cause: error });
  }
  const key = await makeKey();
  await mkdir(directory, { recursive: true });
  // Renamed into its place, so that a start that is cut short leaves no half of a key.
  await writeFile(`${path}.new`, JSON.stringify(key), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return key;
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: `dev-${Date.now().toString(36)}`, alg: signingAlgorithm, use: 'sig' };
}
