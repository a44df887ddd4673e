import { expect, it } from 'vitest';
import { runRolling } from './rolling.ts';

const replicas = {
  connector: 2,
  'lifecycle-worker': 1,
  'cleanup-worker': 1,
  'stuck-call-worker': 1,
  push: 2,
};
/** Each once. */
const restarts = 7;

it('all services are replaced one by one while calls go on: each ends by itself, and nothing is lost on its way', async () => {
  const seed = Number(process.env['TRUNKLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const report = await runRolling({ seed, restarts, replicas, pbxs: 2, browsersPerTenant: 2 });
  expect(report.stops).toHaveLength(restarts);
  expect(report.moves).toBeGreaterThan(0);
  expect(report.events).toBeGreaterThan(20);
  const { differences, crashes } = report;
  expect({ differences, crashes }, `replay with: npm run chaos -- --rolling --runs 1 --seed ${seed}`).toEqual(
    { differences: [], crashes: [] },
  );
}, 600_000);
