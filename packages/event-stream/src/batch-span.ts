import { currentTraceparent, isTracing, linkFrom, recordSpan, withSpan } from '@trunkline/service-kit';
import type { EventBatch, StreamEvent } from './stream-event.ts';

/** A collector has no use for more, and each costs memory until the batch is done. */
const LINKS_MAX = 64;

/**
 * One span for a batch, linked to the traces that its events came from. Where all came from one trace the batch stands in
 * that; else each event has a span `apply` in its own trace, linked to the batch. Costs nothing while tracing is off.
 */
export function inBatchSpan<Payload, Result>(
  batch: EventBatch<Payload>,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!isTracing()) return work();
  const { group, shard, events } = batch;
  const attributes = {
    'messaging.system': 'redis',
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': group,
    'messaging.batch.message_count': events.length,
    'trunkline.shard': shard,
  };
  const traced = tracedOf(events);
  const links = [...traced.keys()].map(linkFrom);
  const parent = soleTraceOf(traced.keys());
  const startedAt = Date.now();
  return withSpan(`process ${group}`, { kind: 'consumer', attributes, links, parent }, async () => {
    const result = await work();
    if (parent === undefined) for (const event of traced.values()) recordApplied(event, startedAt);
    return result;
  });
}

/** The last event of each traceparent: some events share one. */
function tracedOf<Payload>(events: readonly StreamEvent<Payload>[]): Map<string, StreamEvent<Payload>> {
  const traced = new Map<string, StreamEvent<Payload>>();
  for (const event of events) {
    const { traceparent } = event;
    if (traceparent !== null && (traced.size < LINKS_MAX || traced.has(traceparent)))
      traced.set(traceparent, event);
  }
  return traced;
}

/** The newest traceparent, if all are of one trace. */
function soleTraceOf(traceparents: Iterable<string>): string | undefined {
  const all = [...traceparents];
  const traces = new Set(all.map((traceparent) => traceparent.split('-')[1]));
  return traces.size === 1 ? all.at(-1) : undefined;
}

function recordApplied({ type, traceparent, entryId }: StreamEvent<unknown>, startedAt: number): void {
  const attributes = { 'messaging.message.id': entryId };
  const options = {
    kind: 'consumer',
    parent: traceparent ?? undefined,
    links: [linkFrom(currentTraceparent())],
    attributes,
  } as const;
  recordSpan(`apply ${type}`, options, startedAt);
}
