import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { checkoutPaths, findRunningStores, rememberedSecret } from '@trunkline/backing-services';
import { webhookEnvironment } from './webhook-environment.ts';

/**
 * `npm run trunkline -- <args>`: the CLI with the stores that DATABASE_URL and REDIS_URL name, else with those of the
 * system that runs in this checkout.
 */
const paths = checkoutPaths();
const stores = findRunningStores(paths);
const cli = spawn(process.execPath, [join(paths.root, 'apps/cli/src/main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    ...(stores === undefined
      ? {}
      : {
          DATABASE_URL: stores.databaseUrl,
          REDIS_URL: stores.redisUrl,
          TRUNKLINE_STORAGE_DIR: join(paths.data, 'storage'),
          ...webhookEnvironment(rememberedSecret(paths, 'webhooks')),
        }),
    ...process.env,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A Ctrl-C reaches the CLI by itself; what only we are sent is passed on. It decides how to end.
  process.on(signal, () => cli.kill(signal));
}
cli.on('close', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
});
