import { startRedisCluster } from '@trunkline/backing-services/testing';
import { createStreamKeys } from '@trunkline/event-stream';
import { expect, it } from 'vitest';
import { fleetLivesThrough } from './fleet-lives-through.ts';

it('a fleet on three masters and three replicas: slots move and a master dies, and all is as the PBXs say', async () => {
  await using cluster = await startRedisCluster({ withReplicas: true });
  const [master] = cluster.masters;
  let keysMoved = 0;
  const report = await fleetLivesThrough(cluster.url, [
    {
      name: 'slots move',
      happen: async (prefix) => {
        const keys = createStreamKeys(prefix);
        for (const shard of [0, 1, 2, 3]) keysMoved += await cluster.moveSlotOf(keys.events(shard));
      },
    },
    {
      name: 'a master dies, and its replica takes over',
      happen: async () => {
        master?.kill('SIGKILL');
        await master?.exited();
      },
    },
    { name: 'it comes back as a replica', happen: async () => master?.restart() },
  ]);
  expect(keysMoved).toBeGreaterThan(0);
  expect(report.events).toBeGreaterThan(50);
  expect({ differences: report.differences, crashes: report.crashes }).toEqual({
    differences: [],
    crashes: [],
  });
});
