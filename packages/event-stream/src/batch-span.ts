import { linkFrom, withSpan } from '@trunkline/service-kit';
import type { EventBatch } from './stream-event.ts';

/** A collector has no use for more, and each costs memory until the batch is done. */
const LINKS_MAX = 64;

/** One span for a batch, linked to the traces that its events came from. Costs nothing while tracing is off. */
export function inBatchSpan<Payload, Result>(
  batch: EventBatch<Payload>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { group, shard, events } = batch;
  const attributes = {
    'messaging.system': 'redis',
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': group,
    'messaging.batch.message_count': events.length,
    'trunkline.shard': shard,
  };
  return withSpan(`process ${group}`, { kind: 'consumer', attributes, links: linksOf(events) }, work);
}

/** Each trace once: the events of a call mostly come from the same one. */
function linksOf<Payload>(events: EventBatch<Payload>['events']) {
  const traceparents = new Set<string>();
  for (const { traceparent } of events) {
    if (traceparent !== null && traceparents.size < LINKS_MAX) traceparents.add(traceparent);
  }
  return [...traceparents].map(linkFrom);
}
