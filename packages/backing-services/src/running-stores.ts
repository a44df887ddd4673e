import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckoutPaths } from './checkout-paths.ts';
import { readJson, writePrivateJson } from './private-json.ts';

/** Where the stores of the system are that runs in a checkout, so that commands given beside it find them. */
export type StoreAddresses = { readonly databaseUrl: string; readonly redisUrl: string };

const fileIn = ({ home }: CheckoutPaths): string => join(home, 'running.json');

/** The addresses hold passwords, so only their owner may read them. */
export function noteRunningStores(paths: CheckoutPaths, { databaseUrl, redisUrl }: StoreAddresses): void {
  writePrivateJson(fileIn(paths), { databaseUrl, redisUrl });
}

export function forgetRunningStores(paths: CheckoutPaths): void {
  rmSync(fileIn(paths), { force: true });
}

/** Undefined where no system runs. A system that was killed leaves its note; its stores don't answer then. */
export function findRunningStores(paths: CheckoutPaths): StoreAddresses | undefined {
  const { databaseUrl, redisUrl } = (readJson(fileIn(paths)) ?? {}) as Partial<StoreAddresses>;
  return databaseUrl === undefined || redisUrl === undefined ? undefined : { databaseUrl, redisUrl };
}
