import { expect, it } from 'vitest';
import { runPushStorm } from './push-storm.ts';

it('2 push nodes through kills, lost messages and a frozen Redis: each client was told what was published, once and in order', async () => {
  const seed = Number(process.env['TRUNKLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const report = await runPushStorm({
    seed,
    nodes: 2,
    clients: 40,
    topics: 40,
    eventsPerSecond: 200,
    stormMs: 12_000,
  });
  const { differences, crashes, strikes, lost, lastLost, told, log } = report;
  const replay = `replay with: npm run chaos -- --push --runs 1 --seed ${seed}`;
  expect({ differences, crashes }, `${replay}\n${log.slice(-20).join('\n')}`).toEqual({
    differences: [],
    crashes: [],
  });
  expect(strikes.kills).toBe(2);
  expect(strikes.freezes).toBe(1);
  expect([lost > 0, lastLost > 0, told > 1_000]).toEqual([true, true, true]);
}, 600_000);
