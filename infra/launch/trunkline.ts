import { checkoutPaths, findRunningStores } from '@trunkline/backing-services';
import { processTerminal, runCli } from '@trunkline/cli';

/**
 * `npm run trunkline -- <args>`: the CLI with the stores that DATABASE_URL and REDIS_URL name, else with those of the
 * system that runs in this checkout.
 */
const stores = findRunningStores(checkoutPaths());
const env = {
  ...(stores === undefined ? {} : { DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl }),
  ...process.env,
};
process.exitCode = await runCli(process.argv.slice(2), { env, terminal: processTerminal });
