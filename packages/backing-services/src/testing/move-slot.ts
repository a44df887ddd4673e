import type { Redis } from 'ioredis';

/** The port of a node, and a client of it. */
export type ClusterNode = { readonly port: number; readonly client: Redis };

type SlotRange = [first: number, last: number, ...nodes: [host: string, port: number, id: string][]];

const KEYS_AT_ONCE = 10;
const MIGRATE_MS = 5_000;

/**
 * Moves the slot of a key from its master to the next one as `redis-cli --cluster reshard` does it: key by key, with
 * clients sent to and fro meanwhile. Returns how many keys went along.
 */
export async function moveSlot(
  masters: readonly ClusterNode[],
  key: string,
  password: string,
): Promise<number> {
  const slot = Number(await first(masters).client.call('CLUSTER', 'KEYSLOT', key));
  const ids = await Promise.all(
    masters.map(async ({ client }) => String(await client.call('CLUSTER', 'MYID'))),
  );
  const from = ids.indexOf(await ownerOf(slot, first(masters).client));
  const to = (from + 1) % masters.length;
  const [source, target] = [masters[from], masters[to]];
  if (source === undefined || target === undefined || source === target)
    throw new Error(`slot ${slot} can't be moved from one of ${masters.length} masters to another`);
  const set = ({ client }: ClusterNode, ...change: string[]) =>
    client.call('CLUSTER', 'SETSLOT', slot, ...change);
  await set(target, 'IMPORTING', ids[from] ?? '');
  await set(source, 'MIGRATING', ids[to] ?? '');
  const moved = await moveKeys(slot, source, target, password);
  for (const node of [target, source, ...masters]) await set(node, 'NODE', ids[to] ?? '');
  return moved;
}

async function moveKeys(
  slot: number,
  { client }: ClusterNode,
  { port }: ClusterNode,
  password: string,
): Promise<number> {
  for (let moved = 0; ;) {
    const keys = (await client.call('CLUSTER', 'GETKEYSINSLOT', slot, KEYS_AT_ONCE)) as string[];
    if (keys.length === 0) return moved;
    await client.call('MIGRATE', '127.0.0.1', port, '', 0, MIGRATE_MS, 'AUTH', password, 'KEYS', ...keys);
    moved += keys.length;
  }
}

async function ownerOf(slot: number, client: Redis): Promise<string> {
  const ranges = (await client.call('CLUSTER', 'SLOTS')) as SlotRange[];
  const range = ranges.find(([low, high]) => low <= slot && slot <= high);
  return range?.[2]?.[2] ?? '';
}

function first(masters: readonly ClusterNode[]): ClusterNode {
  const [master] = masters;
  if (master === undefined) throw new Error('a cluster has masters');
  return master;
}
