import type { RedisConnection } from '@trunkline/service-kit';

/** How a node that serves screens stands, as it says itself every few seconds. Totals are since its start. */
export interface PushNode {
  /** Of this process, never used again. */
  readonly id: string;
  /** For people: the host or pod. */
  readonly name: string;
  readonly startedAt: number;
  readonly connections: number;
  readonly topics: number;
  /** Tenants that somebody watches there. */
  readonly feeds: number;
  readonly bufferedBytes: number;
  /** Topics that were taken up again without a gap, and those that had to begin anew. */
  readonly resumes: number;
  readonly resets: number;
  /** How often a topic was set aside for a slow connection. */
  readonly slow: number;
  readonly deliveries: number;
  /** From committed to written to the last socket, over the last seconds; null where nothing was delivered. */
  readonly deliveryP50Ms: number | null;
  readonly deliveryP99Ms: number | null;
  /** How late timers fire there: the 99th percentile of the last seconds. */
  readonly loopDelayMs: number;
}

export interface ListedPushNode extends PushNode {
  /** How long ago it said so. */
  readonly ageMs: number;
}

/** Whoever is silent for longer is gone, or as good as gone. */
export const nodeSilenceMs = 30_000;

const place = (prefix: string): string => `${prefix}:push:nodes`;

/** Times are those of Redis, so that no clock is compared with another. */
const clockOf = async (connection: RedisConnection): Promise<number> =>
  Number((await connection.time())[0]) * 1_000;

export async function notePushNode(
  connection: RedisConnection,
  prefix: string,
  node: PushNode,
): Promise<void> {
  const at = await clockOf(connection);
  await connection.hset(place(prefix), node.id, JSON.stringify({ at, node }));
}

export const forgetPushNode = (connection: RedisConnection, prefix: string, id: string): Promise<unknown> =>
  connection.hdel(place(prefix), id);

/** The nodes that are there. Those that died without a word are forgotten on the way. */
export async function listPushNodes(connection: RedisConnection, prefix: string): Promise<ListedPushNode[]> {
  const [noted, now] = await Promise.all([connection.hgetall(place(prefix)), clockOf(connection)]);
  const all = Object.values(noted).map((text) => JSON.parse(text) as { at: number; node: PushNode });
  const gone = all.filter(({ at }) => now - at > nodeSilenceMs);
  if (gone.length > 0) await connection.hdel(place(prefix), ...gone.map(({ node }) => node.id));
  return all
    .filter(({ at }) => now - at <= nodeSilenceMs)
    .map(({ at, node }) => ({ ...node, ageMs: Math.max(0, now - at) }))
    .toSorted((one, other) => one.name.localeCompare(other.name) || one.id.localeCompare(other.id));
}
