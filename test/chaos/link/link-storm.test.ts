import { testRedisUrl } from '@trunkline/backing-services/testing';
import { expect, it } from 'vitest';
import { runLinkStorm } from './link-storm.ts';

it('3 connectors and 9 PBXs through kills, freezes, cuts, blocks and restarts: what was said equals what was', async () => {
  const seed = Number(process.env['TRUNKLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const report = await runLinkStorm({
    seed,
    redisUrl: testRedisUrl(),
    connectors: 3,
    pbxs: 9,
    stormMs: 12_000,
  });
  expect(Object.values(report.strikes).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5);
  expect(report.wholeCalls).toBeGreaterThan(5);
  const { differences, crashes } = report;
  expect({ differences, crashes }, `replay with: npm run chaos -- --link --runs 1 --seed ${seed}`).toEqual({
    differences: [],
    crashes: [],
  });
}, 300_000);
