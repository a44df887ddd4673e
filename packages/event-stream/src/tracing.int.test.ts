import { currentTraceparent, startTracing, withSpan } from '@trunkline/service-kit';
import { startCollector } from '@trunkline/service-kit/testing';
import { expect, it } from 'vitest';
import { StreamLab } from './testing/stream-lab.ts';

it('a batch is one span, linked to the span in which its events were published', async () => {
  await using lab = await StreamLab.open({ shards: 1 });
  await using collector = await startCollector();
  const tracing = await startTracing({
    endpoint: collector.endpoint,
    serviceName: 'worker',
    logger: lab.logger,
  });
  const published = await withSpan('a frame', {}, async () => {
    const publisher = lab.publisher();
    for (const seq of [1, 2, 3]) {
      lab.expectAlso({ source: 'a', seq });
      await publisher.publish({ source: 'a', epoch: 1, seq, type: 'lab', payload: {} });
    }
    return currentTraceparent();
  });
  await lab.started('g');
  await lab.untilAllApplied('g');
  await tracing.stop();

  const [, traceId, spanId] = published?.split('-') ?? [];
  const batch = collector.spans.find(({ name }) => name === 'process g');
  expect(batch).toMatchObject({ kind: 5, links: [{ traceId, spanId }] });
});
