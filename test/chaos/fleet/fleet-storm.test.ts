import { expect, it } from 'vitest';
import { runFleetStorm } from './fleet-storm.ts';

const replicas = { connector: 2, 'lifecycle-worker': 2, 'cleanup-worker': 2, 'stuck-call-worker': 1 };

it('all services and their stores through kills, freezes, cuts and losses: tables and screens say what the PBXs say', async () => {
  const seed = Number(process.env['TRUNKLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const report = await runFleetStorm({ seed, replicas, pbxs: 3, stormMs: 20_000 });
  expect(Object.values(report.strikes).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5);
  expect(report.events).toBeGreaterThan(50);
  const { differences, crashes } = report;
  expect({ differences, crashes }, `replay with: npm run chaos -- --fleet --runs 1 --seed ${seed}`).toEqual({
    differences: [],
    crashes: [],
  });
}, 600_000);
