import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutPaths, readBackingConfig, removeVolumes } from '@trunkline/backing-services';
import { claimCheckout } from './claim-checkout.ts';

/** What `npm run reset` removes. Downloads stay: the next start need not fetch them again. */
const always = ['data', 'log', 'secrets.json', 'ports.json'];
const withAll = ['cache'];

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== '--all');
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. Usage: npm run reset [-- --all]`);
  const paths = checkoutPaths();
  const claim = await claimCheckout(paths);
  try {
    const names = args.includes('--all') ? [...always, ...withAll] : always;
    for (const name of names) rmSync(join(paths.home, name), { recursive: true, force: true });
    if (readBackingConfig(process.env).containers) await removeVolumes(paths.root);
    console.log(`Removed from ${paths.home}: ${names.join(', ')}. The next start begins with empty data.`);
  } finally {
    claim.release();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
