import { join } from 'node:path';
import type { CheckoutPaths } from './checkout-paths.ts';
import { newPassword } from './passwords.ts';
import { freePort } from './processes/free-port.ts';
import { readJson, writePrivateJson } from './private-json.ts';

/**
 * Loopback is shared by every user of the machine, so what listens there asks for a password, and each checkout makes
 * its own.
 */
export function rememberedSecret({ home }: CheckoutPaths, name: string): string {
  const path = join(home, 'secrets.json');
  const known = (readJson(path) ?? {}) as Record<string, string>;
  const secret = known[name];
  if (secret !== undefined) return secret;
  const made = newPassword();
  writePrivateJson(path, { ...known, [name]: made });
  return made;
}

/**
 * Ports are picked by the system, so that checkouts don't collide, and remembered, so that bookmarks and open
 * clients stay good. One that somebody else has meanwhile is replaced.
 */
export async function rememberedPort({ home }: CheckoutPaths, name: string): Promise<number> {
  const known = (readJson(join(home, 'ports.json')) ?? {}) as Record<string, number>;
  return await freePort(known[name]);
}

/** Several ports may be asked for before one is written, so what is written is read again just before. */
export function rememberPort({ home }: CheckoutPaths, name: string, port: number): void {
  const path = join(home, 'ports.json');
  const known = (readJson(path) ?? {}) as Record<string, number>;
  if (known[name] !== port) writePrivateJson(path, { ...known, [name]: port });
}
