import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { one, phone, PushLab, type LabNode, type Payload } from './testing/push-lab.ts';
import type { TestClient } from './testing/test-client.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
beforeAll(async () => {
  lab = await PushLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Enough to fill what the system buffers for a socket on one machine. */
const filler = 'x'.repeat(50_000);
const rounds = 240;
/** So many at once. */
const burst = 20;

const queueBytesMax = 300_000;
/** What a stream takes before it calls itself full, and one joined delivery more. */
const streamBytes = 65_536 + burst * filler.length;
const small = {
  feeds: { ring: { lettersMax: 64 * 1024 * 1024 } },
  sessions: { outbox: { queueBytesMax } },
} as const;

/** Tells of something in every round, and calls `between` now and then. */
async function tellAll(payloadOf: (round: number) => Payload, between?: () => Promise<void>): Promise<void> {
  for (let first = 1; first <= rounds; first += burst) {
    await lab.tell(one, ...Array.from({ length: burst }, (_, index) => payloadOf(first + index)));
    await between?.();
  }
}

const newest = (client: TestClient, extension: string) =>
  client
    .of('extension_update')
    .flatMap(({ rows }) => rows)
    .findLast((row) => row.extension === extension)?.revision;

const notice = (round: number) => ({ user: 'ada', notification: `${round}`, text: filler });
const notices = Array.from({ length: rounds }, (_, index) => `${index + 1}`);
const noticesOf = (client: TestClient) =>
  client.of('notification').flatMap(({ rows }) => rows.map(({ notification }) => notification));

async function gauge(node: LabNode, name: string): Promise<number> {
  const line = (await node.metrics.exposition()).split('\n').find((one) => one.startsWith(name));
  return Number(line?.split(' ').at(-1));
}

const pause = (client: TestClient) => client.webSocket.pause();

it('[DATA3] one that does not read costs a bounded memory and no neighbour, and gets the newest of each thing when it reads again', async () => {
  const node = await lab.node({ tuning: small });
  const slow = await node.connected();
  const quick = await node.connected();
  await Promise.all([slow, quick].map((client) => client.subscribe('extensions')));
  pause(slow);
  let most = 0;
  await tellAll(
    (round) => ({
      extension_update: [phone({ extension: String(round % 2), revision: round, name: filler })],
    }),
    async () => {
      most = Math.max(most, await gauge(node, 'trunkline_push_buffered_bytes'));
    },
  );
  await quick.until(() => newest(quick, '0') === rounds && newest(quick, '1') === rounds - 1);
  // One delivery, which may hold a burst, was on its way to the stream when that was full.
  expect(most).toBeLessThan(queueBytesMax + burst * filler.length + 20_000 + streamBytes);
  expect(await gauge(node, 'trunkline_push_lagging_total')).toBeGreaterThan(0);
  slow.webSocket.resume();
  await slow.until(() => newest(slow, '0') === rounds && newest(slow, '1') === rounds - 1);
  const told = slow.of('extension_update').flatMap(({ rows }) => rows.map(({ revision }) => revision));
  expect(told.length).toBeLessThan(rounds);
  expect(slow.of('reset')).toHaveLength(1);
  await lab.tell(one, { extension_update: [phone({ extension: '1', revision: rounds + 1 })] });
  await slow.until(() => newest(slow, '1') === rounds + 1);
});

it('events are left out for nobody: they are read again from the ring', async () => {
  const node = await lab.node({ tuning: small });
  const slow = await node.connected();
  await slow.subscribe('user:ada');
  pause(slow);
  await tellAll((round) => ({ notification: [notice(round)] }));
  slow.webSocket.resume();
  await slow.until(() => noticesOf(slow).length === rounds);
  expect(noticesOf(slow)).toEqual(notices);
});

it('[POS6] where the ring is too short a state starts anew, and events end in a reset from which they can be resumed', async () => {
  const node = await lab.node({ tuning: { ...small, feeds: { ring: { entriesMax: 5 } } } });
  const slow = await node.connected();
  await slow.subscribe('user:ada', 'extensions');
  pause(slow);
  await tellAll((round) => ({
    notification: [notice(round)],
    extension_update: [phone({ extension: '1', revision: round, name: filler })],
  }));
  slow.webSocket.resume();
  const slowOf = (topic: string) =>
    slow.of('reset').find((reset) => reset.topic === topic && reset.reason === 'slow');
  await slow.until(() => slowOf('user:ada') && slowOf('extensions'));
  expect(slowOf('extensions')).toMatchObject({ resumable: false });
  expect(slowOf('user:ada')).toMatchObject({
    resumable: true,
    offset: slow.of('notification').at(-1)?.offset,
  });
  const { epoch = '', offset = '' } = slowOf('user:ada') ?? {};
  slow.say({ type: 'subscribe', topics: [{ topic: 'user:ada', epoch, offset }] });
  await slow.until(() => noticesOf(slow).length === rounds);
  expect(noticesOf(slow)).toEqual(notices);
});

it('[LIVE3] one that takes nothing for too long is closed, though it sends', async () => {
  const node = await lab.node({ tuning: { ...small, sessions: { ...small.sessions, heartbeatMs: 300 } } });
  const stuck = await node.connected();
  await stuck.subscribe('extensions');
  pause(stuck);
  const talking = setInterval(() => stuck.say({ type: 'pong' }), 100);
  await tellAll((revision) => ({ extension_update: [phone({ extension: '1', revision, name: filler })] }));
  await expect.poll(() => node.push.connections, { timeout: 60_000 }).toBe(0);
  clearInterval(talking);
  expect(node.log.some(({ kind }) => kind === 'heartbeat_missed')).toBe(true);
});
