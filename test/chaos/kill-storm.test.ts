import { testRedisUrl } from '@trunkline/backing-services/testing';
import { expect, it } from 'vitest';
import { runKillStorm } from './kill-storm.ts';

it('4 consumers through kills, freezes and broken connections: the tables equal the oracle, one audit row an event', async () => {
  const seed = Number(process.env['TRUNKLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const report = await runKillStorm({
    seed,
    redisUrl: testRedisUrl(),
    consumers: 4,
    eventsOfPbx: 400,
    stormMs: 8000,
  });
  expect(report.faults.kill + report.faults.freeze).toBeGreaterThan(0);
  expect(report, `replay with: npm run chaos -- --runs 1 --seed ${seed}`).toMatchObject({
    differences: [],
    crashes: 0,
  });
}, 300_000);
