import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PushLab } from './testing/push-lab.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
beforeAll(async () => {
  lab = await PushLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

it('[POS7] a topic that is dropped while the feed is being opened stays dropped', async () => {
  const node = await lab.node();
  const client = await node.connected();
  client.say({ type: 'subscribe', topics: [{ topic: 'extensions' }, { topic: 'pbx' }] });
  client.say({ type: 'unsubscribe', topics: ['extensions'] });
  await client.hears('snapshot', ({ topic }) => topic === 'pbx');
  await client.subscribe('user:ada');
  expect(client.of('reset').map(({ topic }) => topic)).toEqual(['pbx', 'user:ada']);
});

it('a client that takes up topics and drops them again does not fill the queue for snapshots for others', async () => {
  const { promise: isBack, resolve: comeBack } = Promise.withResolvers<void>();
  let reads = 0;
  const forTenant: typeof lab.database.forTenant = async (...asked) => {
    reads += 1;
    await isBack;
    return await lab.database.forTenant(...asked);
  };
  const node = await lab.node({
    database: { forTenant, ping: () => lab.database.ping() },
    tuning: { snapshots: { waitingMax: 10, timeoutMs: 60_000 } },
  });
  const restless = await node.connected();
  await restless.subscribe('user:ada');
  for (let round = 0; round < 20; round += 1) {
    const topics = Array.from({ length: 20 }, (_, index) => `calls:${round}-${index}`);
    restless.say({ type: 'subscribe', topics: topics.map((topic) => ({ topic })) });
    restless.say({ type: 'ping', id: round });
    await restless.hears('pong', ({ id }) => id === round);
    restless.say({ type: 'unsubscribe', topics });
  }
  await restless.until(() => restless.of('unsubscribed').length === 400);
  const neighbour = await node.connected({ sub: 'bob' });
  const asked = neighbour.subscribe('extensions');
  neighbour.say({ type: 'ping', id: 'behind it' });
  await neighbour.hears('pong');
  expect(neighbour.of('error')).toEqual([]);
  comeBack();
  await asked;
  await restless.subscribe('calls:last');
  expect(restless.of('error')).toEqual([]);
  // What was dropped is not read for nobody.
  expect(reads).toBeLessThan(20);
});
