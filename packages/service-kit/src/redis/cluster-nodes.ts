import { Cluster, type Redis } from 'ioredis';
import type { RedisConnection } from './open-connection.ts';

/**
 * Connects to the nodes of a cluster without waiting for a command.
 *
 * ioredis connects to a node at the first command for it, and without an offline queue it refuses every further command
 * until that connection is ready, with "Connection is closed". Connecting early leaves hardly a moment for that.
 * But not before the cluster is ready, for its own first question (CLUSTER INFO) would be refused in the same way;
 * and a node that is discovered later waits a turn, because the command that discovered it may be the one that connects.
 */
export function connectNodesEarly(cluster: Cluster): void {
  cluster.on('ready', () => {
    for (const node of cluster.nodes()) connectEarly(node);
  });
  cluster.on('+node', (node: Redis) => {
    if (cluster.status === 'ready') setImmediate(connectEarly, node);
  });
}

function connectEarly(node: Redis): void {
  if (node.status === 'wait') node.connect().catch(() => {});
}

/** Resolves when no node of a cluster is connecting any more: one that is away fails soon and is not waited for. */
export async function nodesSettled(connection: RedisConnection): Promise<void> {
  if (!(connection instanceof Cluster)) return;
  await Promise.all(connection.nodes('master').map(nodeSettled));
}

async function nodeSettled(node: Redis): Promise<void> {
  if (['ready', 'end', 'wait'].includes(node.status)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  node.once('ready', resolve).once('end', resolve);
  await promise;
  node.off('ready', resolve).off('end', resolve);
}
