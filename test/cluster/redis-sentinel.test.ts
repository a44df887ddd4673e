import { startRedisSentinels } from '@trunkline/backing-services/testing';
import { expect, it } from 'vitest';
import { fleetLivesThrough } from './fleet-lives-through.ts';

it('a fleet behind three sentinels: the master dies and comes back, and all is as the PBXs say', async () => {
  await using sentinels = await startRedisSentinels();
  const [master, replica] = sentinels.servers;
  const report = await fleetLivesThrough(sentinels.url, [
    {
      name: 'the master dies, and its replica takes over',
      happen: async () => {
        master.kill('SIGKILL');
        await master.exited();
        await expect.poll(() => sentinels.masterPort(), { timeout: 60_000 }).toBe(replica.port);
      },
    },
    { name: 'it comes back as a replica', happen: () => master.restart() },
  ]);
  expect(report.events).toBeGreaterThan(50);
  expect({ differences: report.differences, crashes: report.crashes }).toEqual({
    differences: [],
    crashes: [],
  });
});
