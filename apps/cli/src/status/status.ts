import {
  queuePlaces,
  readQueues,
  readStored,
  readStreams,
  type StoredStatus,
  type SystemStatus,
} from '@trunkline/operations';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { describeStatus } from './describe-status.ts';

/** How everything stands. What PostgreSQL knows is shown also while Redis is away: that is when somebody looks. */
export async function runStatus(bench: Bench, { json = false }: JsonOption): Promise<void> {
  const database = await bench.database();
  const stored = await readStored(database);
  const redis = await readRedis(bench, stored);
  const status: SystemStatus = { ...stored, ...redis };
  if (json) showJson(bench.terminal, status);
  else bench.terminal.out(describeStatus(bench.terminal, status, bench.now()));
  if (redis.redisProblem !== null) throw new Failure(redis.redisProblem);
}

async function readRedis(
  bench: Bench,
  { backlogs, links }: StoredStatus,
): Promise<Pick<SystemStatus, 'groups' | 'queues' | 'redisProblem'>> {
  try {
    const { prefix, shards } = bench.settings.stores;
    const redis = bench.redis();
    const [database, connection] = [await bench.database(), await bench.redisConnection()];
    const groups = await readStreams({ database, redis, connection, prefix, shards }, backlogs.groups);
    const producer = redis.open('bullmq producer');
    await redis.whenReady(producer);
    return { groups, queues: await readQueues(producer, queuePlaces(prefix, links)), redisProblem: null };
  } catch (error) {
    if (error instanceof Failure) return { groups: null, queues: null, redisProblem: error.message };
    throw error;
  }
}
