import { expect, it } from 'vitest';
import { ceilings } from './first-to-saturate.ts';
import type { IngestStep } from './measure-ingest.ts';
import type { PushReport, PushStep } from './measure-push.ts';
import { ingestCosts, ingestFigures, pushFigures } from './unit-costs.ts';

const reading = (cores: Record<string, number>) => ({
  seconds: 10,
  cores: new Map(Object.entries(cores)),
  busiest: new Map(Object.entries(cores)),
  machine: 0.5,
});

const ingestStep = (events: number): IngestStep => ({
  workers: 1,
  asked: events,
  reading: reading({
    connector: 0.1 + events * 2e-4,
    'lifecycle-worker': events * 5e-4,
    'cleanup-worker': 0.05,
    postgresql: events * 1e-3,
    redis: events * 1e-4,
  }),
  eventsPerSecond: events,
  callsPerSecond: events / 8,
  messagesPerEvent: 0.5,
  walBytesPerEvent: 900,
  batchesPerSecond: 50,
  batchSecondsPerSecond: 50 * 0.004,
  meanDelayMs: 5,
});

it('what each rate spent is kept, and a batch is timed where the machine had time', () => {
  const busy = { ...ingestStep(600), batchSecondsPerSecond: 5, messagesPerEvent: 0.2 };
  const steps = [ingestStep(100), ingestStep(200), { ...busy, reading: { ...busy.reading, machine: 0.95 } }];
  const figures = ingestFigures({ steps, storedBytesPerCall: 4_000, problems: [] });
  expect(figures).toMatchObject({
    storedBytesPerCall: 4_000,
    messagesPerEvent: 0.5,
    walBytesPerEvent: 900,
    eventsPerCall: expect.closeTo(8, 9),
    batchMs: expect.closeTo(4, 9),
  });
  expect(figures.spent.map(({ eventsPerSecond }) => eventsPerSecond)).toEqual([100, 200, 600]);
  expect(figures.spent[1]?.cores).toEqual({
    connector: expect.closeTo(0.14, 9),
    'lifecycle-worker': expect.closeTo(0.1, 9),
    'cleanup-worker': 0.05,
    postgresql: expect.closeTo(0.2, 9),
    redis: expect.closeTo(0.02, 9),
  });
});

it('events cost what the steps differ by', () => {
  const costs = ingestCosts([100, 200, 600].map(ingestStep));
  expect(costs.connector).toEqual({ idleCores: expect.closeTo(0.1, 9), microsEach: expect.closeTo(200, 6) });
  expect(costs.postgresql.microsEach).toBeCloseTo(1_000, 6);
});

const pushStep = (
  nodes: number,
  what: PushStep['what'],
  push: number,
  redis: number,
  messages = 0,
): PushStep => ({
  nodes,
  what,
  reading: reading({ push, redis }),
  connections: 500,
  came: what === 'connect' ? 500 : 0,
  messagesPerSecond: messages,
  deliveriesPerSecond: what === 'heard' ? messages * 500 : 0,
});
const report = (nodes: number, redisEach: number): PushReport => ({
  steps: [
    pushStep(nodes, 'connect', 0.02, 0),
    pushStep(nodes, 'idle', 0.005, 0.01),
    pushStep(nodes, 'unheard', 0.005 + 200 * 50e-6, 0.01 + 200 * redisEach, 200),
    pushStep(nodes, 'heard', 0.005 + 20 * 50e-6 + 20 * 500 * 8e-6, 0, 20),
  ],
  residentBytesPerConnection: 30_000,
  heapBytesPerConnection: 10_000,
  problems: [],
});

it('a connection, a message that nobody wants, a delivery and a further node each cost their own', () => {
  expect(pushFigures([report(1, 40e-6), report(2, 45e-6)])).toEqual({
    connectMicros: expect.closeTo(400, 6),
    connectionMicrosPerSecond: expect.closeTo(10, 6),
    residentBytesPerConnection: 30_000,
    messageMicros: expect.closeTo(50, 6),
    deliveryMicros: expect.closeTo(8, 6),
    redisMessageMicros: expect.closeTo(40, 6),
    redisNodeMicros: expect.closeTo(5, 6),
  });
});

it('whoever has the lowest ceiling saturates first', () => {
  const cost = (microsEach: number) => ({ idleCores: 0, microsEach });
  const found = ceilings([
    { name: 'redis', cost: cost(50), coresMax: 1 },
    { name: 'workers', cost: cost(500), coresMax: 4 },
    { name: 'nothing', cost: cost(0), coresMax: 1 },
  ]);
  expect(found).toEqual([
    { name: 'workers', perSecond: 8_000 },
    { name: 'redis', perSecond: 20_000 },
    { name: 'nothing', perSecond: Infinity },
  ]);
});
