/** Ours, as it is deployed; only the bounds on one address and one user are lifted, since all clients come from here. */
import { createRevocations, createTokenVerifier } from '@trunkline/access';
import { openDatabase } from '@trunkline/database';
import { createPush, PUSH_TUNING } from '@trunkline/push';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { serve } from '../serve.ts';

await serve(async ({ databaseUrl, redisUrl, prefix, issuer, audience }) => {
  const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'bench' });
  const database = await openDatabase({ url: databaseUrl, applicationName: 'bench', connectionsMax: 8 });
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const revocations = createRevocations({ connection, prefix, lifeMsMax: 86_400_000 });
  const push = createPush({
    database,
    redis,
    prefix,
    logger,
    revocations,
    metrics: createMetrics({ app: 'push' }),
    verifier: createTokenVerifier({
      issuer,
      audience,
      jwksUri: `${issuer}/jwks`,
      lifeMsMax: 86_400_000,
      claims: { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' },
      revocations,
    }),
    carryOut: () => Promise.reject(new Error('nobody sends commands here')),
    listen: { host: '127.0.0.1', port: 0, origins: [], proxies: 0 },
    tuning: {
      ...PUSH_TUNING,
      perAddressMax: 100_000,
      perUserMax: 100_000,
      drain: { windowMs: 0, graceMs: 0 },
    },
  });
  const { port } = await push.start();
  return {
    port,
    async stop() {
      await push.stop();
      await redis.closeAll();
      await database.close();
    },
  };
});
