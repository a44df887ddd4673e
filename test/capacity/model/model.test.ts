import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { assumptions as real } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { sizeBrowsers } from './size-browsers.ts';
import { ofDay, ofHour, shardCeiling, sizeIngest } from './size-ingest.ts';

const spentAt = (eventsPerSecond: number, share: number) => ({
  eventsPerSecond,
  cores: {
    connector: eventsPerSecond * share * 400e-6,
    'lifecycle-worker': eventsPerSecond * share * 500e-6,
    'cleanup-worker': eventsPerSecond * share * 100e-6,
    postgresql: eventsPerSecond * share * 1_000e-6,
    redis: eventsPerSecond * share * 100e-6,
  },
});

/** Such as are easy to reckon with, whatever the page assumes. */
const assumptions = { ...real, batchMax: 100, eventMs: 0.05 };

/** Round figures, so that what follows from them can be worked out by hand. */
const round: Measured = {
  on: { machine: 'none', day: '2026-01-01' },
  ingest: {
    eventsPerCall: 10,
    messagesPerEvent: 0.5,
    walBytesPerEvent: 1_000,
    storedBytesPerCall: 5_000,
    batchMs: 5,
    spent: [spentAt(1, 1), spentAt(10_000, 1)],
  },
  push: {
    connectMicros: 500,
    connectionMicrosPerSecond: 5,
    residentBytesPerConnection: 20_000,
    messageMicros: 50,
    deliveryMicros: 10,
    redisMessageMicros: 40,
    redisNodeMicros: 4,
  },
};

it('a million calls in an hour, worked out by hand', () => {
  const size = sizeIngest({ perHour: 3_600_000, perDay: 24_000_000 }, round, assumptions);
  expect(size).toMatchObject({
    callsPerSecond: 1_000,
    eventsPerSecond: 10_000,
    connectorCores: 4,
    workerCores: 5,
    cleanupCores: 1,
    postgresCores: 10,
    redisCores: 1,
    walMegabytesPerSecond: 10,
    gigabytesPerMonth: 3_600,
    // A stream bears 100 events in 10 ms, and is planned for 6,000 a second.
    shards: 2,
  });
  expect(size.shares[0]).toEqual({ what: 'Redis', share: expect.closeTo(1 / 0.6, 9) });
  expect(shardCeiling(round.ingest, assumptions)).toBeCloseTo(10_000, 6);
});

it('an hour is a share of a day', () => {
  expect(ofDay(1_000, assumptions)).toEqual({ perDay: 1_000, perHour: 150 });
  expect(ofHour(150, assumptions)).toEqual({ perDay: expect.closeTo(1_000, 9), perHour: 150 });
});

it('more calls never ask for less, and twice of them for twice of what each costs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 10_000_000 }), (perDay) => {
      const one = sizeIngest(ofDay(perDay, assumptions), round, assumptions);
      const two = sizeIngest(ofDay(perDay * 2, assumptions), round, assumptions);
      expect(two.postgresCores).toBeCloseTo(one.postgresCores * 2, 6);
      expect(two.shards).toBeGreaterThanOrEqual(one.shards);
      expect(two.shares.every(({ share }) => share > 0)).toBe(true);
    }),
  );
});

it('browsers, worked out by hand', () => {
  const size = sizeBrowsers(60_000, 'together', round, assumptions);
  // 100 calls a second make 500 messages, of which each goes to a phone and to ten supervisors.
  expect(size).toMatchObject({
    messagesPerSecond: 500,
    deliveriesPerSecond: 5_500,
    nodes: 5,
    limit: 'connections',
  });
  expect(size.gigabytesPerNode).toBeCloseTo(0.24, 6);
  expect(size.coresPerNode).toBeCloseTo(0.06 + 0.005 + 0.011, 6);
});

it('where any node takes any browser, nodes and Redis spend most on what they hear; where tenants stay together they do not', () => {
  const million = (balancing: 'any' | 'together') => sizeBrowsers(3_000_000, balancing, round, assumptions);
  expect(million('any').limit).toBe('what each node hears');
  expect(million('together')).toMatchObject({ nodes: 250, limit: 'connections' });
  expect(million('any').nodes).toBeGreaterThan(750);
  expect(sizeBrowsers(30_000_000, 'any', round, assumptions).nodes).toBe(null);
  expect(million('together').redisCores).toBeLessThan(million('any').redisCores / 10);
});

it('more browsers never ask for fewer nodes, and no node is planned beyond its share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500_000 }),
      fc.constantFrom('any' as const, 'together' as const),
      (browsers, how) => {
        const size = sizeBrowsers(browsers, how, round, assumptions);
        const more = sizeBrowsers(browsers + 20_000, how, round, assumptions);
        if (size.nodes === null) return;
        expect(size.coresPerNode).toBeLessThanOrEqual(assumptions.planned);
        expect(more.nodes ?? Infinity).toBeGreaterThanOrEqual(size.nodes);
      },
    ),
  );
});
