import { listPbxActivity, listPbxs, readBacklogs } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { describeStatus } from './describe-status.ts';
import { readQueues } from './read-queues.ts';
import { readStreams } from './read-streams.ts';
import type { SystemStatus } from './system-status.ts';

/** How everything stands. What PostgreSQL knows is shown also while Redis is away: that is when somebody looks. */
export async function runStatus(bench: Bench, { json = false }: JsonOption): Promise<void> {
  const database = await bench.database();
  const stored = await database.transaction(async (transaction) => ({
    links: await listPbxs(transaction),
    activity: await listPbxActivity(transaction),
    backlogs: await readBacklogs(transaction),
  }));
  const redis = await readRedis(bench, stored);
  const status: SystemStatus = { ...stored, ...redis };
  if (json) showJson(bench.terminal, status);
  else bench.terminal.out(describeStatus(bench.terminal, status, bench.now()));
  if (redis.redisProblem !== null) throw new Failure(redis.redisProblem);
}

async function readRedis(
  bench: Bench,
  { backlogs, links }: Pick<SystemStatus, 'backlogs' | 'links'>,
): Promise<Pick<SystemStatus, 'groups' | 'queues' | 'redisProblem'>> {
  try {
    const groups = await readStreams(bench, backlogs.groups);
    return { groups, queues: await readQueues(bench, links), redisProblem: null };
  } catch (error) {
    if (error instanceof Failure) return { groups: null, queues: null, redisProblem: error.message };
    throw error;
  }
}
