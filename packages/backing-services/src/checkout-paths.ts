import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Everything a checkout keeps outside its sources lies under `.trunkline/`, and only there. */
export type CheckoutPaths = {
  readonly root: string;
  readonly home: string;
  readonly data: string;
  readonly cache: string;
  readonly logs: string;
  readonly tests: string;
};

export function checkoutPaths(root: string = findRoot(import.meta.dirname)): CheckoutPaths {
  const home = join(root, '.trunkline');
  return {
    root,
    home,
    data: join(home, 'data'),
    cache: join(home, 'cache'),
    logs: join(home, 'log'),
    tests: join(home, 'test'),
  };
}

/** The folder that holds the lock file: the root of the checkout. */
function findRoot(from: string): string {
  if (existsSync(join(from, 'package-lock.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`No package-lock.json above ${import.meta.dirname}: not a checkout.`);
  return findRoot(parent);
}
