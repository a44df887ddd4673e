export { createHandOut } from './create-hand-out.ts';
export type { HandOut, HandOutOptions } from './create-hand-out.ts';
export { createJobReplica } from './create-job-replica.ts';
export type { JobReplica, JobReplicaOptions, JobTuning, JobUnderWay, Turns } from './create-job-replica.ts';
export { RetryAfterError } from './job-verdicts.ts';
export { openStores } from './open-stores.ts';
export type { OpenStores, StoreBounds } from './open-stores.ts';
