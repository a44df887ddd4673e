import { eventSchemas, type EventType } from '@trunkline/domain';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { fuzz } from './testing/fuzz.ts';

it.each([1, 2])(
  '20,000 broken frames (seed %i): each is counted once, every word is valid, memory is bounded',
  (seed) => {
    const problems = new Set<string>();
    const report = fuzz({
      seed,
      frames: 20_000,
      callsMax: 200,
      onWord: (payload, type) => {
        const read = v.safeParse(eventSchemas[type as EventType], payload);
        if (!read.success)
          problems.add(`${type}: ${v.getDotPath(read.issues[0])}: ${read.issues[0].message}`);
      },
    });
    expect([...problems]).toEqual([]);
    expect(Object.values(report.counts).reduce((sum, count) => sum + count)).toBe(20_000);
    for (const count of Object.values(report.counts)) expect(count).toBeGreaterThan(0);
    expect(report.words).toBeGreaterThan(1_000);
    expect(report.largest.open).toBeLessThanOrEqual(200);
    expect(report.largest.ended).toBeLessThanOrEqual(20_000);
    expect(report.largest.channels).toBeLessThanOrEqual(200 * 64);
  },
);
