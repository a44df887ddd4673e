import { listHousekeeping, type HousekeepingTask } from '@trunkline/database';
import {
  queuePlaces,
  readQueues,
  readStored,
  readStreams,
  type GroupState,
  type QueueState,
  type StoredStatus,
} from '@trunkline/operations';
import { withDeadline } from '@trunkline/service-kit';
import type { ApiContext } from '../api-context.ts';
import { after, told, type Told } from './told.ts';

/** Everything that the page shows, each part by itself. */
export interface SystemView {
  readonly stored: Told<StoredStatus>;
  readonly groups: Told<readonly GroupState[]>;
  readonly queues: Told<readonly QueueState[]>;
  readonly chores: Told<readonly HousekeepingTask[]>;
  readonly at: Date;
}

/** Somebody waits in front of the page; what is not there by then is shown as missing. */
const answerMs = 3_000;

export async function readSystem(context: ApiContext): Promise<SystemView> {
  const { database, redis, connection, producer, prefix, shards } = context;
  const within = <Value>(answer: Promise<Value>, what: string): Promise<Value> =>
    withDeadline(answer, answerMs, what);
  const noDatabase = 'PostgreSQL does not answer';
  const noRedis = 'Redis does not answer';

  const [stored, chores] = await Promise.all([
    told(() => within(readStored(database), 'reading the tables'), noDatabase),
    told(
      () =>
        within(
          database.run((tx) => listHousekeeping(tx)),
          'reading the chores',
        ),
      noDatabase,
    ),
  ]);
  const [groups, queues] = await Promise.all([
    after(
      stored,
      ({ backlogs }) =>
        within(
          readStreams({ database, redis, connection, prefix, shards }, backlogs.groups),
          'reading the streams',
        ),
      noRedis,
    ),
    after(
      stored,
      ({ links }) => within(readQueues(producer, queuePlaces(prefix, links)), 'reading the queues'),
      noRedis,
    ),
  ]);
  return { stored, groups, queues, chores, at: new Date() };
}
