import { realpathSync } from 'node:fs';
import { runCommand } from '../processes/run-command.ts';
import { onPath } from '../processes/server-account.ts';
import type { Found } from '../postgres/machine-postgres.ts';
import { readRedisVersion } from './redis-program.ts';
import type { RedisProgram } from './redis-program.ts';

const usualFolders = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'];

/** The Redis or Valkey servers installed on this machine that will do, and why others will not. */
export async function machineRedis(): Promise<Found<RedisProgram>> {
  const programs = ['redis-server', 'valkey-server']
    .map((name) => onPath(name, usualFolders))
    .filter((path) => path !== undefined)
    .map((path) => realpathSync(path));
  const candidates = await Promise.all([...new Set(programs)].map(inspect));
  return {
    found: candidates.filter((one) => typeof one !== 'string'),
    passedOver: candidates.filter((one) => typeof one === 'string'),
  };
}

async function inspect(server: string): Promise<RedisProgram | string> {
  try {
    const { stdout } = await runCommand(server, ['--version'], { timeoutMs: 10_000 });
    const read = readRedisVersion(server, stdout);
    return typeof read === 'string' ? read : { kind: 'redis', server, ...read, source: server };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
