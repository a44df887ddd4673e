import type { Backlogs, ListedPbx, PbxActivity } from '@trunkline/database';
import type { QueueState } from './read-queues.ts';
import type { GroupState } from './read-streams.ts';

export interface SystemStatus {
  readonly links: readonly ListedPbx[];
  readonly activity: readonly PbxActivity[];
  readonly backlogs: Backlogs;
  /** These two are null while Redis is away. */
  readonly groups: readonly GroupState[] | null;
  readonly queues: readonly QueueState[] | null;
  readonly redisProblem: string | null;
}
