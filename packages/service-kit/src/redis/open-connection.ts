import { Cluster, Redis } from 'ioredis';
import type { Random } from '../primitives/clock.ts';
import { fullJitterDelay } from '../primitives/full-jitter-delay.ts';
import { connectNodesEarly } from './cluster-nodes.ts';
import { optionsFor, type OpenOptions, type PurposeName } from './redis-purposes.ts';
import type {
  RedisAddress,
  RedisCluster,
  RedisTarget,
  SentinelRedis,
  StandaloneRedis,
} from './redis-target.ts';

/** Commands read the same on both; what differs (pipelines over slots, `nodes`) asks for an instanceof. */
export type RedisConnection = Redis | Cluster;

export interface ConnectionSetup {
  readonly target: RedisTarget;
  readonly purpose: PurposeName;
  /** As CLIENT LIST shows it: the service, then the purpose. */
  readonly connectionName: string;
  readonly random: Random;
  readonly options: OpenOptions;
  /** While the registry closes, a failed connection is not tried again. */
  readonly isClosing: () => boolean;
}

const CONNECT_MS_MAX = 5_000;
/** After an end the peer has this long to close too; then the socket is destroyed, or it would keep the process alive. */
const DISCONNECT_MS_MAX = 300;
const KEEP_ALIVE_MS = 10_000;

/** Reconnecting starts quickly, for a restart of Redis takes a second or two, and stays cheap during a long outage. */
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 2_000;
/** Full jitter may say zero; this keeps a refused connection from spinning. */
const RETRY_MS_MIN = 20;

export function openConnection(setup: ConnectionSetup): RedisConnection {
  const { target } = setup;
  switch (target.kind) {
    case 'cluster':
      return openCluster(target, setup);
    case 'sentinel':
      return openBySentinels(target, setup);
    case 'standalone':
    default:
      return openStandalone(target, setup);
  }
}

function openStandalone(target: StandaloneRedis, setup: ConnectionSetup): Redis {
  return new Redis({
    ...behaviour(target, setup),
    host: target.host,
    port: target.port,
    db: target.database,
    retryStrategy: retryStrategy(setup),
  });
}

/** Whom the sentinels name is asked for at each connecting, so that a fail-over is followed as a restart is. */
function openBySentinels(target: SentinelRedis, setup: ConnectionSetup): Redis {
  const { username, password, tls } = target;
  return new Redis({
    ...behaviour(target, setup),
    sentinels: target.sentinels.map(({ host, port }) => ({ host, port })),
    name: target.name,
    db: target.database,
    // Sentinels without a password of their own only warn when they are given one.
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    sentinelRetryStrategy: retryStrategy(setup),
    retryStrategy: retryStrategy(setup),
  });
}

function openCluster(target: RedisCluster, setup: ConnectionSetup): Cluster {
  const { enableOfflineQueue, retryStrategy: _ours, readOnly: _never, ...perNode } = behaviour(target, setup);
  const nodes: RedisAddress[] = target.nodes.map(({ host, port }) => ({ host, port }));
  const cluster = new Cluster(nodes, {
    enableOfflineQueue,
    // A cluster has a resending of its own: a command whose node went away is tried on another 100 ms later.
    ...(perNode.autoResendUnfulfilledCommands === false && { retryDelayOnFailover: 0 }),
    // SSUBSCRIBE on the ordinary subscriber of a cluster loops over MOVED for ever.
    shardedSubscribers: setup.purpose === 'subscriber',
    clusterRetryStrategy: retryStrategy(setup),
    redisOptions: perNode,
    // With TLS the certificate carries the node's name, so the name must not be resolved to an address first.
    ...(target.tls && { dnsLookup: (address, callback) => callback(null, address) }),
  });
  const failsFast = !enableOfflineQueue && setup.purpose !== 'blocking reader';
  if (failsFast) connectNodesEarly(cluster);
  return cluster;
}

function behaviour(target: RedisTarget, { purpose, connectionName, options }: ConnectionSetup): Behaviour {
  const { blockMsMax, ...overrides } = options;
  const fromPurpose = optionsFor(purpose, blockMsMax);
  return {
    ...fromPurpose,
    ...overrides,
    enableOfflineQueue: overrides.enableOfflineQueue ?? fromPurpose.enableOfflineQueue,
    connectionName,
    connectTimeout: overrides.connectTimeout ?? CONNECT_MS_MAX,
    keepAlive: KEEP_ALIVE_MS,
    disconnectTimeout: DISCONNECT_MS_MAX,
    ...(target.tls && { tls: {} }),
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
  };
}

type Behaviour = Omit<OpenOptions, 'blockMsMax'> & {
  enableOfflineQueue: boolean;
  /** ioredis reads this option, its types leave it out. */
  disconnectTimeout: number;
};

/** ioredis counts attempts from 1. */
function retryStrategy({ random, isClosing, options }: ConnectionSetup): (times: number) => number | null {
  const ours = (times: number): number =>
    RETRY_MS_MIN + fullJitterDelay(times - 1, { baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS, random });
  return (times) => (isClosing() ? null : (options.retryStrategy?.(times) ?? ours(times)));
}
