import { startFaultProxy, startRedisServer, testRedisUrl } from '@trunkline/backing-services/testing';
import { said } from '@trunkline/database/testing';
import { sleep } from '@trunkline/service-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { one, phone, PushLab, type LabNode } from './testing/push-lab.ts';
import { startPushProcess } from './testing/start-push-process.ts';
import { TestClient } from './testing/test-client.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
beforeAll(async () => {
  lab = await PushLab.open({ feed: { entriesMax: 200 } });
});
afterAll(() => lab[Symbol.asyncDispose]());

const tellPhone = (revision: number, extension = 'x') =>
  lab.tell(one, { extension_update: [phone({ extension, revision })] });

async function tellPhones(first: number, last: number): Promise<void> {
  for (let revision = first; revision <= last; revision += 1) await tellPhone(revision);
}

const revisions = (client: TestClient) =>
  client.of('extension_update').flatMap(({ rows }) => rows.map(({ revision }) => revision));
const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Where a client stands that has heard this. */
function positionOf(client: TestClient) {
  const [reset] = client.of('reset');
  const epoch = reset?.epoch ?? '';
  return { epoch, offset: client.of('extension_update').at(-1)?.offset ?? reset?.offset ?? '' };
}

const resume = (client: TestClient, position: { epoch: string; offset: string }) =>
  client.say({ type: 'resume', topics: [{ topic: 'extensions', ...position }] });

async function metric(node: LabNode, name: string): Promise<number> {
  const text = await node.metrics.exposition();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('[POS8] any node answers for any position', () => {
  it('[POS4] what happened while nobody was connected is replayed by another node, after the first was killed', async () => {
    const other = await lab.node();
    const keeper = await other.connected();
    await keeper.subscribe('extensions');
    let position;
    {
      await using first = await startPushProcess(lab);
      await using client = new TestClient(first.port, { token: await lab.token() });
      await client.hears('connected');
      await client.subscribe('extensions');
      await tellPhones(1, 5);
      await client.until(() => revisions(client).length === 5);
      position = positionOf(client);
      first.kill('SIGKILL');
      expect((await client.ending()).code).toBe(1006);
    }
    await tellPhones(6, 20);
    const client = await other.connected();
    resume(client, position);
    const replayed = await client.hears('replayed');
    expect([replayed.count, revisions(client)]).toEqual([15, upTo(6, 20)]);
    expect(await metric(other, 'trunkline_push_entries_read_back_total')).toBe(0);
    await tellPhone(21);
    await client.until(() => revisions(client).at(-1) === 21);
  });

  it('a node that has heard nothing reads what was missed from Redis, once for all who come', async () => {
    const first = await lab.node();
    const client = await first.connected();
    await client.subscribe('extensions');
    await tellPhones(1, 3);
    await client.until(() => revisions(client).length === 3);
    const position = positionOf(client);
    await tellPhones(4, 30);
    const second = await lab.node();
    const clients = await Promise.all(Array.from({ length: 10 }, () => second.connected()));
    for (const each of clients) resume(each, position);
    for (const each of clients) {
      const { count, offset } = await each.hears('replayed');
      expect([count, revisions(each)]).toEqual([27, upTo(4, 30)]);
      expect(offset).toBe((await lab.feed.position(one)).offset);
    }
    expect(await metric(second, 'trunkline_push_entries_read_back_total')).toBe(27);
  });

  it('[POS5] what Redis does not keep any more is answered by a reset with the state as it is', async () => {
    const node = await lab.node();
    const client = await node.connected();
    await client.subscribe('extensions');
    await tellPhone(1);
    await client.hears('extension_update');
    const position = positionOf(client);
    await client[Symbol.asyncDispose]();
    const fresh = await lab.node();
    await tellPhones(2, 300);
    await lab.commit(said(1, 'extension.changed', { extension: 'kept', status: 'online' }));
    const back = await fresh.connected();
    resume(back, position);
    expect(await back.hears('reset')).toMatchObject({ reason: 'gap', resumable: false });
    const { rows } = await back.hears('snapshot', ({ last }) => last);
    expect(rows.extension_update?.map(({ extension }) => extension)).toEqual(['kept']);
    await tellPhone(301);
    await back.until(() => revisions(back).length === 1);
    expect(revisions(back)).toEqual([301]);
  });

  it('a position of another epoch, or of nowhere, is answered by a reset', async () => {
    const node = await lab.node();
    const client = await node.connected();
    const { offset, epoch } = await lab.feed.position(one);
    resume(client, { epoch: 'other', offset });
    expect(await client.hears('reset')).toMatchObject({ reason: 'lost', epoch });
    const bold = await node.connected();
    resume(bold, { epoch, offset: '99999999999999-0' });
    expect(await bold.hears('reset')).toMatchObject({ reason: 'lost', epoch });
  });

  it('rights are checked again', async () => {
    const node = await lab.node();
    const { offset, epoch } = await lab.feed.position(one);
    const client = await node.connected({ roles: ['agent'] });
    client.say({
      type: 'resume',
      topics: [
        { topic: 'cleanup', epoch, offset },
        { topic: 'user:bob', epoch, offset },
      ],
    });
    await client.until(() => client.of('error').length === 2);
    expect(client.of('error').map(({ kind }) => kind)).toEqual(['not_allowed', 'not_allowed']);
  });

  it('replay and the present meet without a gap, a repetition or disorder while much goes on', async () => {
    const node = await lab.node();
    const first = await node.connected();
    await first.subscribe('extensions');
    const position = positionOf(first);
    const telling = tellPhones(1, 150);
    const comers = [];
    for (let index = 0; index < 8; index += 1) {
      const client = await node.connected();
      resume(client, position);
      comers.push(client);
    }
    await telling;
    for (const client of [first, ...comers]) {
      await client.until(() => revisions(client).length >= 150);
      expect(revisions(client)).toEqual(upTo(1, 150));
    }
  });
});

describe('what goes wrong between Redis and a node', () => {
  /** A node whose way to Redis loses what it is told to lose. */
  async function behindProxy() {
    const { hostname, port } = new URL(testRedisUrl());
    const proxy = await startFaultProxy({ host: hostname, port: Number(port) });
    const node = await lab.node({ redisUrl: proxy.through(testRedisUrl()) });
    const client = await node.connected();
    await client.subscribe('extensions');
    return { proxy, node, client };
  }

  it('a lost message in the midst is seen at the next one, and read', async () => {
    const { proxy, client, node } = await behindProxy();
    await tellPhone(1);
    await client.until(() => revisions(client).length === 1);
    proxy.watch((direction, chunk) =>
      direction === 'down' && chunk.includes('"extension":"lost"') ? 'swallow' : 'pass',
    );
    await tellPhone(2, 'lost');
    await expect.poll(async () => (await lab.feed.position(one)).offset).not.toBe(positionOf(client).offset);
    proxy.watch(null);
    await tellPhone(3);
    await client.until(() => revisions(client).length === 3);
    expect(revisions(client)).toEqual([1, 2, 3]);
    expect(await metric(node, 'trunkline_push_syncs_total')).toBeGreaterThan(0);
    expect(client.of('reset')).toHaveLength(1);
  });

  it('a lost last message is seen by the probe, and read', async () => {
    const { proxy, client, node } = await behindProxy();
    let swallowed = 0;
    proxy.watch((direction, chunk) => {
      const isIt = direction === 'down' && swallowed === 0 && chunk.includes('"extension":"lost"');
      swallowed += isIt ? 1 : 0;
      return isIt ? 'swallow' : 'pass';
    });
    await tellPhone(7, 'lost');
    await client.until(() => revisions(client).length === 1);
    expect([swallowed, revisions(client)]).toEqual([1, [7]]);
    expect(await metric(node, 'trunkline_push_syncs_total{why="lost message"')).toBe(1);
    expect(client.of('reset')).toHaveLength(1);
  });

  it('[LIVE4] a frozen link turns readiness red and topics delayed; when it is back everything is told, and nobody was closed', async () => {
    const { proxy, client, node } = await behindProxy();
    proxy.freeze();
    await tellPhones(1, 10);
    await client.hears('delayed');
    expect((await node.health.readiness()).checks.find(({ check }) => check === 'feed')?.ok).toBe(false);
    proxy.thaw();
    await client.hears('fresh');
    await client.until(() => revisions(client).length === 10);
    expect(revisions(client)).toEqual(upTo(1, 10));
    await expect.poll(async () => (await node.health.readiness()).ready, { timeout: 60_000 }).toBe(true);
    expect(client.of('reset')).toHaveLength(1);
  });

  it('a link that is half-open for good is left for a new one', async () => {
    const { proxy, client, node } = await behindProxy();
    proxy.strand();
    await tellPhones(1, 3);
    await client.hears('delayed');
    await client.hears('fresh');
    await client.until(() => revisions(client).length === 3);
    expect(revisions(client)).toEqual([1, 2, 3]);
    expect(await metric(node, 'trunkline_push_path_broken')).toBe(0);
  });

  it('connections that are reset cost nothing but a moment', async () => {
    const { proxy, client } = await behindProxy();
    for (let round = 0; round < 5; round += 1) {
      await tellPhone(round * 2 + 1);
      proxy.reset();
      await tellPhone(round * 2 + 2);
      await client.until(() => revisions(client).length === round * 2 + 2);
    }
    expect(revisions(client)).toEqual(upTo(1, 10));
  });
});

it('a feed that is lost with its Redis is answered by a reset of every topic, and clients stay', async () => {
  await using server = await startRedisServer();
  await using own = await PushLab.open({ redisUrl: server.url });
  const node = await own.node();
  await own.commit(said(1, 'extension.changed', { extension: 'kept', status: 'online' }));
  const client = await node.connected();
  await client.subscribe('extensions', 'pbx', 'user:ada');
  const [before] = client.of('reset');
  await server.restart();
  await client.until(() => client.of('reset').filter(({ reason }) => reason === 'lost').length === 3);
  const after = client.of('reset').at(-1);
  expect(after?.epoch).not.toBe(before?.epoch);
  const isNew = (part: { topic: string }) =>
    part.topic === 'extensions' &&
    client.of('snapshot').filter(({ topic }) => topic === 'extensions').length === 2;
  const { rows } = await client.hears('snapshot', isNew);
  expect(rows.extension_update?.map(({ extension }) => extension)).toEqual(['kept']);
  await expect
    .poll(() =>
      own.commit(said(2, 'extension.changed', { extension: 'kept', status: 'busy' })).then(
        () => 'told',
        () => 'not yet',
      ),
    )
    .toBe('told');
  await client.hears('extension_update', (update) => update.rows.some(({ status }) => status === 'busy'));
});

/** Longer than anybody else waits for an answer of Redis. */
const frozenMs = 2_500;

it('who signs in while Redis stands still is let in as soon as it goes on', async () => {
  await using proxy = await startFaultProxy({ port: Number(new URL(testRedisUrl()).port) });
  const node = await lab.node({ redisUrl: proxy.through(testRedisUrl()) });
  proxy.freeze('up', 'down');
  const client = node.client({ token: await lab.token() });
  await client.hears('hello');
  await sleep(frozenMs);
  expect(client.of('connected')).toEqual([]);
  proxy.thaw();
  await client.hears('connected');
  expect(client.of('error')).toEqual([]);
});
