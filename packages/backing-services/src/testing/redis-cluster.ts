import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../processes/free-port.ts';
import { newPassword } from '../passwords.ts';
import { startRedisServer } from './redis-server.ts';
import type { TestRedisServer } from './redis-server.ts';
import { moveSlot } from './move-slot.ts';

const SLOTS = 16_384;
const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;

export type TestRedisCluster = {
  /** Start-up nodes for `new Cluster(nodes, { redisOptions })`. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly redisOptions: { readonly password: string };
  /** As a setting takes it. */
  readonly url: string;
  /** The masters of the beginning, to kill or freeze; each keeps its data over a restart. */
  readonly masters: readonly TestRedisServer[];
  /** One of each master, where there are any; it takes over when its master is gone. */
  readonly replicas: readonly TestRedisServer[];
  /** Moves the slot of a key to another of the masters while everybody works with it. Returns how many keys went along. */
  moveSlotOf(key: string): Promise<number>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A Redis Cluster, ready when every node sees every other and all slots as served, and replicas have caught up. */
export async function startRedisCluster({
  masters: count = 3,
  withReplicas = false,
} = {}): Promise<TestRedisCluster> {
  const password = newPassword();
  const start = () => Promise.all(Array.from({ length: count }, () => startNode(password)));
  const [masters, replicas] = await Promise.all([start(), withReplicas ? start() : []]);
  const all = [...masters, ...replicas];
  const stop = async () => {
    await Promise.all(all.map((node) => node.stop()));
  };
  try {
    await join(masters, replicas);
  } catch (error) {
    await stop();
    throw error;
  }
  const nodes = masters.map(({ port }) => ({ host: '127.0.0.1', port }));
  return {
    nodes,
    redisOptions: { password },
    url: `redis+cluster://:${password}@${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`,
    masters,
    replicas,
    moveSlotOf: (key) =>
      withClients(masters, (clients) => {
        const them = clients.map((client, index) => ({ client, port: masters[index]?.port ?? 0 }));
        return moveSlot(them, key, password);
      }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The bus gets a port that is free: the usual port + 10000 is often past the end or taken. */
async function startNode(password: string): Promise<TestRedisServer> {
  return await startRedisServer({
    durable: true,
    password,
    settings: {
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-port': String(await freePort()),
      'cluster-node-timeout': '3000',
      masterauth: password,
    },
  });
}

async function join(
  masters: readonly TestRedisServer[],
  replicas: readonly TestRedisServer[],
): Promise<void> {
  const nodes = [...masters, ...replicas];
  await withClients(nodes, async (clients) => {
    await shareSlots(clients.slice(0, masters.length));
    await introduce(clients, nodes);
    await untilAll(clients, (client) => agrees(client, masters.length, nodes.length));
    const ids = await Promise.all(clients.map((client) => client.call('CLUSTER', 'MYID')));
    const followers = clients.slice(masters.length);
    await Promise.all(
      followers.map((client, index) => client.call('CLUSTER', 'REPLICATE', String(ids[index]))),
    );
    const isInStep = async (client: Redis) => (await client.info('replication')).includes('link_status:up');
    await untilAll(followers, isInStep);
  });
}

async function withClients<Outcome>(
  nodes: readonly TestRedisServer[],
  use: (clients: readonly Redis[]) => Promise<Outcome>,
): Promise<Outcome> {
  const clients = nodes.map(({ url }) => new Redis(url, { maxRetriesPerRequest: 1 }));
  for (const client of clients) client.on('error', () => {});
  try {
    return await use(clients);
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function shareSlots(clients: readonly Redis[]): Promise<void> {
  await Promise.all(
    clients.map(async (client, index) => {
      const first = Math.floor((SLOTS * index) / clients.length);
      const last = Math.floor((SLOTS * (index + 1)) / clients.length) - 1;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
      // Distinct epochs from the start, or the nodes would first have to settle who yields.
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }),
  );
}

async function introduce(clients: readonly Redis[], nodes: readonly TestRedisServer[]): Promise<void> {
  const [first] = clients;
  for (const { port, settings } of nodes.slice(1)) {
    await first?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), settings['cluster-port'] ?? '');
  }
}

async function untilAll(clients: readonly Redis[], isSo: (client: Redis) => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    const verdicts = await Promise.all(clients.map(isSo));
    if (verdicts.every(Boolean)) return;
  }
  throw new Error(
    `The ${clients.length} nodes of the Redis Cluster did not agree within ${READY_TIMEOUT_MS} ms.`,
  );
}

async function agrees(client: Redis, masters: number, nodes: number): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  const served = new Map(info.split('\r\n').map((line) => [line.split(':')[0], line.split(':')[1]]));
  const slots = (await client.call('CLUSTER', 'SLOTS')) as unknown[];
  return (
    served.get('cluster_state') === 'ok' &&
    served.get('cluster_slots_ok') === String(SLOTS) &&
    served.get('cluster_size') === String(masters) &&
    served.get('cluster_known_nodes') === String(nodes) &&
    slots.length === masters
  );
}
