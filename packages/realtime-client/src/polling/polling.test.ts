import { expect, it } from 'vitest';
import { storeOf } from '../store/store-of.ts';
import { createLab } from '../testing/connected-client.ts';
import { pollWhileDisconnected } from './polling.ts';

const call = (name: string, revision: number) => ({
  pbx: 'p1',
  call: name,
  status: 'ringing',
  revision,
  extensions: [],
});

function pollingLab() {
  const lab = createLab();
  const store = storeOf(lab.client);
  store.watch('calls');
  const asked: number[] = [];
  const source = {
    calls: [call('a', 1)] as never[],
    openCalls() {
      asked.push(lab.world.now);
      return Promise.resolve(source.calls);
    },
    extensions: () => Promise.reject(new Error('nobody watches phones')),
  };
  const stop = pollWhileDisconnected(lab.client, { source });
  return { ...lab, store, asked, source, stop };
}

it('reads the API every 3 s while no socket can be had, and what it reads counts as delayed', async () => {
  const { world, client, store, asked } = pollingLab();
  client.connect();
  await world.pass(0);
  const began = world.now;
  await world.pass(9_100);
  expect(asked.map((at) => at - began)).toEqual([3_000, 6_000, 9_000]);
  expect(store.list('call')).toEqual([call('a', 1)]);
  expect(client.topicStatus('calls')).toMatchObject({ state: 'delayed', asOf: world.wall - 100 });
});

it('stops as soon as there is a socket, and does not take what was asked for before', async () => {
  const { world, client, store, asked, source } = pollingLab();
  let answer: (rows: never[]) => void = () => undefined;
  source.openCalls = () => {
    asked.push(world.now);
    return new Promise((resolve) => (answer = resolve));
  };
  client.connect();
  await world.pass(3_000);
  world.socket.serve();
  answer([call('old', 1)] as never[]);
  await world.pass(10_000);
  expect([asked.length, store.list('call')]).toEqual([1, []]);
});

it('goes on when a question fails, and says that nothing is known meanwhile', async () => {
  const { world, client, asked, source, stop } = pollingLab();
  source.openCalls = () => {
    asked.push(world.now);
    return Promise.reject(new Error('502'));
  };
  client.connect();
  await world.pass(10_000);
  expect([asked.length, client.topicStatus('calls').state]).toEqual([3, 'waiting']);
  stop();
  await world.pass(60_000);
  expect(asked).toHaveLength(3);
});

it('what was polled goes stale when it is not polled again', async () => {
  const { world, client, stop } = pollingLab();
  client.connect();
  await world.pass(3_000);
  stop();
  expect(client.topicStatus('calls').state).toBe('delayed');
  await world.pass(6_001);
  expect(client.topicStatus('calls').state).not.toBe('delayed');
});

it('somebody who disconnected on purpose is not served by another way', async () => {
  const { world, client, asked } = pollingLab();
  await world.pass(20_000);
  client.connect();
  await world.pass(0);
  client.disconnect();
  await world.pass(20_000);
  expect(asked).toEqual([]);
});
