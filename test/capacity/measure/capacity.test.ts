import { expect, it } from 'vitest';
import { measureIngest } from './measure-ingest.ts';
import { measurePush } from './measure-push.ts';
import { ingestTable, pushTable, saturationTable } from './tables.ts';
import { ingestFigures, pushFigures } from './unit-costs.ts';

it('a short measurement of a worker and a node has a figure for everything, and costs that can be', async () => {
  const [ingest, push] = await Promise.all([
    measureIngest({
      workers: 1,
      rates: [20, 60],
      warmUpMs: 500,
      measureMs: 1_500,
      pbxs: 1,
      phonesPerPbx: 40,
    }),
    measurePush({ nodes: 1, connections: 20, rates: [10], unheardRate: 20, measureMs: 1_000 }),
  ]);
  expect([...ingest.problems, ...push.problems]).toEqual([]);
  const measured = { ingest: ingestFigures(ingest), push: pushFigures([push]) };
  expect(figuresIn(measured).filter((figure) => !Number.isFinite(figure) || figure < 0)).toEqual([]);
  // A call rings and ends at least, and what is committed is logged and told.
  expect(measured.ingest.eventsPerCall).toBeGreaterThan(2);
  expect(measured.ingest.walBytesPerEvent).toBeGreaterThan(100);
  expect(measured.ingest.storedBytesPerCall).toBeGreaterThan(100);
  expect(measured.ingest.messagesPerEvent).toBeGreaterThan(0);
  expect(measured.ingest.batchMs).toBeGreaterThan(0);
  expect(push.steps.map(({ what }) => what)).toEqual(['connect', 'idle', 'unheard', 'heard']);
  expect(push.steps.at(-1)?.deliveriesPerSecond).toBeGreaterThan(1);
  const tables = [ingestTable(ingest.steps), saturationTable(ingest.steps, 2), pushTable(push.steps)];
  expect(tables.join('\n')).not.toMatch(/NaN|undefined/);
}, 240_000);

function figuresIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresIn) : [];
}
