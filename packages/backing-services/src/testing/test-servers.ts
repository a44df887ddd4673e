/**
 * The servers that all tests of a run share. The global setup puts their addresses into the environment, which
 * test files and the processes they start inherit.
 */
export const testVariables = {
  databaseUrl: 'TRUNKLINE_TEST_DATABASE_URL',
  redisUrl: 'TRUNKLINE_TEST_REDIS_URL',
} as const;

/** The shared PostgreSQL's maintenance database; make your own with createTestDatabase. */
export function testDatabaseUrl(): string {
  return read(testVariables.databaseUrl);
}

/** The shared Redis. Keep to keys below a uniquePrefix of your own; never flush it. */
export function testRedisUrl(): string {
  return read(testVariables.redisUrl);
}

function read(name: string): string {
  const url = process.env[name];
  if (url !== undefined) return url;
  throw new Error(
    `${name} is not set: no test servers are running. Tests that need servers belong to the project "servers" ` +
      '(vitest run --project servers) and are named *.pg.test.ts, *.redis.test.ts or *.int.test.ts; ' +
      'a script of its own calls startTestServers() first.',
  );
}
