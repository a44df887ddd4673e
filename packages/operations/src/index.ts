export {
  isOfOnePbx,
  openQueueToLook,
  queuePlaces,
  readQueues,
  type QueuePlace,
  type QueueState,
} from './read-queues.ts';
export { readStreams, type GroupState, type StreamsReading } from './read-streams.ts';
export { readStored, type StoredStatus } from './read-stored.ts';
export {
  dropDeadLetter,
  replayDeadLetter,
  type LetterDesk,
  type UnreadableResult,
} from './resolve-dead-letter.ts';
export { retryLink, type RetryResult } from './retry-link.ts';
export type { SystemStatus } from './system-status.ts';
