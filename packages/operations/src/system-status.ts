import type { QueueState } from './read-queues.ts';
import type { StoredStatus } from './read-stored.ts';
import type { GroupState } from './read-streams.ts';

export interface SystemStatus extends StoredStatus {
  /** These two are null while Redis is away. */
  readonly groups: readonly GroupState[] | null;
  readonly queues: readonly QueueState[] | null;
  readonly redisProblem: string | null;
}
