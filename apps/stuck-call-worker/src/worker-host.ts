import type { StuckCallLimits } from '@trunkline/domain';
import type { Logger } from '@trunkline/service-kit';
import type { BatchJob, SweepContext, SweepJob } from '@trunkline/stuck-calls';
import type { Job, Queue } from 'bullmq';
import type { WorkerEvents } from './events.ts';

/** Either of the two kinds of jobs, told apart by its name. */
export type AnyJob = Job<SweepJob | BatchJob, unknown>;

/** What jobs work with. */
export interface WorkerHost {
  readonly context: SweepContext;
  readonly limits: StuckCallLimits;
  readonly queue: Queue<SweepJob | BatchJob, unknown>;
  readonly events: WorkerEvents;
  readonly logger: Logger;
}
