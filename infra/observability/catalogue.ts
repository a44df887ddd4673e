import { requestCatalogue } from '@trunkline/api/metrics';
import { cleanupCatalogue, housekeepingCatalogue, linksCatalogue } from '@trunkline/cleanup-worker/metrics';
import { connectorCatalogue } from '@trunkline/connector/metrics';
import { consumerCatalogue, publisherCatalogue, trimmerCatalogue } from '@trunkline/event-stream/metrics';
import { feedCatalogue } from '@trunkline/feed/metrics';
import { importCatalogue } from '@trunkline/import-worker/metrics';
import { backlogCatalogue } from '@trunkline/ingest/metrics';
import { simulatorCatalogue } from '@trunkline/pbx-simulator/metrics';
import { pushCatalogue } from '@trunkline/push/metrics';
import { serviceMetrics, type MetricCatalogue, type MetricDefinition } from '@trunkline/service-kit';
import { sweepCatalogue } from '@trunkline/stuck-call-worker/metrics';
import { recordingCatalogue } from '@trunkline/recording-worker/metrics';
import { webhookCatalogue } from '@trunkline/webhook-worker/metrics';

export interface Chapter {
  readonly title: string;
  /** The services at whose /metrics they are found. */
  readonly services: string;
  readonly catalogue: MetricCatalogue;
}

/** Every metric of ours, as the code that measures it defines it. */
export const chapters: readonly Chapter[] = [
  { title: 'Every service', services: 'all', catalogue: serviceMetrics },
  { title: 'Links to PBXs', services: 'connector', catalogue: connectorCatalogue },
  { title: 'Links as the database sees them', services: 'cleanup-worker', catalogue: linksCatalogue },
  { title: 'Publishing events', services: 'connector', catalogue: publisherCatalogue },
  {
    title: 'Consuming events',
    services: 'lifecycle-worker, cleanup-worker',
    catalogue: consumerCatalogue,
  },
  { title: 'Trimming streams', services: 'cleanup-worker', catalogue: trimmerCatalogue },
  {
    title: 'What lies about and should not',
    services: 'lifecycle-worker, cleanup-worker',
    catalogue: backlogCatalogue,
  },
  { title: 'Cleanups', services: 'cleanup-worker', catalogue: cleanupCatalogue },
  { title: 'Housekeeping', services: 'cleanup-worker', catalogue: housekeepingCatalogue },
  { title: 'Feeds', services: 'lifecycle-worker, cleanup-worker', catalogue: feedCatalogue },
  { title: 'Push', services: 'push', catalogue: pushCatalogue },
  { title: 'Stuck calls', services: 'stuck-call-worker', catalogue: sweepCatalogue },
  { title: 'Webhooks', services: 'webhook-worker', catalogue: webhookCatalogue },
  { title: 'Imports of contacts', services: 'import-worker', catalogue: importCatalogue },
  { title: 'Recordings', services: 'recording-worker', catalogue: recordingCatalogue },
  { title: 'Requests', services: 'api', catalogue: requestCatalogue },
  { title: 'The simulated PBX', services: 'pbx-simulator', catalogue: simulatorCatalogue },
];

export const allDefinitions: readonly MetricDefinition[] = chapters.flatMap(({ catalogue }) =>
  Object.values(catalogue),
);

/** A series as Prometheus keeps it: histograms have three names. */
export interface Exposed {
  readonly definition: MetricDefinition;
  readonly labels: readonly string[];
}

/** By the names that queries may use. */
export const exposed: ReadonlyMap<string, Exposed> = new Map(allDefinitions.flatMap(namesOf));

function namesOf(definition: MetricDefinition): [string, Exposed][] {
  const { kind, name } = definition;
  const labels = ['app', 'instance', 'job', ...Object.keys(definition.labels ?? {})];
  if (kind !== 'histogram') return [[name, { definition, labels }]];
  return [
    [`${name}_bucket`, { definition, labels: [...labels, 'le'] }],
    [`${name}_sum`, { definition, labels }],
    [`${name}_count`, { definition, labels }],
  ];
}
