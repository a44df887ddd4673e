export { measureBacklog, type BacklogOptions } from './backlog-metrics.ts';
export { heardCodec, type Heard } from './codec.ts';
export {
  createIngestWorker,
  type IngestContext,
  type IngestExtras,
  type IngestWorker,
} from './create-ingest-worker.ts';
export { createIngest, wishSnapshots, type IngestOptions } from './create-ingest.ts';
export { ingestGroupNames, ingestGroups, type IngestGroup } from './ingest-groups.ts';
export { openDeadLetters, type DeadLettersOptions } from './open-dead-letters.ts';
export { ingestSettings } from './ingest-settings.ts';
