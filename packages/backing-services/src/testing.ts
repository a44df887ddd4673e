/** What tests of other rooms use: databases, key prefixes, and servers of their own to kill. */
export { createTestDatabase } from './testing/test-database.ts';
export type { TestDatabase } from './testing/test-database.ts';
export type { Direction, FaultProxy, Ruling, Watcher } from './testing/fault-proxy.ts';
export { startFaultProxy } from './testing/fault-proxy.ts';
export { startPostgresServer } from './testing/postgres-server.ts';
export type { TestPostgresServer } from './testing/postgres-server.ts';
export { startRedisCluster } from './testing/redis-cluster.ts';
export type { TestRedisCluster } from './testing/redis-cluster.ts';
export { startRedisSentinels } from './testing/redis-sentinels.ts';
export type { TestRedisSentinels } from './testing/redis-sentinels.ts';
export { startRedisServer } from './testing/redis-server.ts';
export type { TestRedisServer } from './testing/redis-server.ts';
export { freePort } from './processes/free-port.ts';
export { testDatabaseUrl, testRedisUrl } from './testing/test-servers.ts';
export { uniquePrefix } from './testing/unique-prefix.ts';
export { startTestServers } from './testing/start-test-servers.ts';
export type { TestServers } from './testing/start-test-servers.ts';
