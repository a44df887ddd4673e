import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../processes/free-port.ts';
import { newPassword } from '../passwords.ts';
import { startRedisServer } from './redis-server.ts';
import type { TestRedisServer } from './redis-server.ts';

const SLOTS = 16_384;
const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;

export type TestRedisCluster = {
  /** Start-up nodes for `new Cluster(nodes, { redisOptions })`. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly redisOptions: { readonly password: string };
  /** The masters themselves, to kill or freeze; each keeps its data over a restart. */
  readonly masters: readonly TestRedisServer[];
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A Redis Cluster of masters only, ready when every node sees every other and all slots as served. */
export async function startRedisCluster({ masters: count = 3 } = {}): Promise<TestRedisCluster> {
  const password = newPassword();
  const masters = await Promise.all(Array.from({ length: count }, () => startMaster(password)));
  const stop = async () => {
    await Promise.all(masters.map((master) => master.stop()));
  };
  try {
    await join(masters);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    nodes: masters.map(({ port }) => ({ host: '127.0.0.1', port })),
    redisOptions: { password },
    masters,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The bus gets a port that is free: the usual port + 10000 is often past the end or taken. */
async function startMaster(password: string): Promise<TestRedisServer> {
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

async function join(masters: readonly TestRedisServer[]): Promise<void> {
  const clients = masters.map(({ url }) => new Redis(url, { maxRetriesPerRequest: 1 }));
  for (const client of clients) client.on('error', () => {});
  try {
    await shareSlots(clients);
    await introduce(clients, masters);
    await untilAgreed(clients);
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

async function introduce(clients: readonly Redis[], masters: readonly TestRedisServer[]): Promise<void> {
  const [first] = clients;
  for (const { port, settings } of masters.slice(1)) {
    await first?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), settings['cluster-port'] ?? '');
  }
}

async function untilAgreed(clients: readonly Redis[]): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    const verdicts = await Promise.all(clients.map((client) => agrees(client, clients.length)));
    if (verdicts.every(Boolean)) return;
  }
  throw new Error(
    `The ${clients.length} nodes of the Redis Cluster did not agree within ${READY_TIMEOUT_MS} ms.`,
  );
}

async function agrees(client: Redis, count: number): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  const served = new Map(info.split('\r\n').map((line) => [line.split(':')[0], line.split(':')[1]]));
  const slots = (await client.call('CLUSTER', 'SLOTS')) as unknown[];
  return (
    served.get('cluster_state') === 'ok' &&
    served.get('cluster_slots_ok') === String(SLOTS) &&
    served.get('cluster_size') === String(count) &&
    slots.length === count
  );
}
