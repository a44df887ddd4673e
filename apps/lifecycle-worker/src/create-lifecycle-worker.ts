import { createIngestWorker, ingestGroups, type IngestContext, type IngestExtras } from '@trunkline/ingest';

export interface LifecycleWorker {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One replica: applies what PBXs say of calls, phones and recordings, and brings what changed into the feeds. */
export function createLifecycleWorker(
  context: IngestContext,
  extras: Pick<IngestExtras, 'onApplied' | 'tuning'> = {},
): LifecycleWorker {
  const worker = createIngestWorker(context, ingestGroups.lifecycle, extras);
  return { start: () => worker.start(), stop: () => worker.stop() };
}
