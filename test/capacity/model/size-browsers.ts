import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';

/** `any`: a balancer gives each browser any node. `together`: all of a tenant come to one node, or to a few. */
export type Balancing = 'any' | 'together';

/** What browsers of a busy hour ask of push and of the Redis before it. */
export interface BrowserSize {
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Null where no number of nodes suffices. */
  readonly nodes: number | null;
  readonly coresPerNode: number;
  readonly gigabytesPerNode: number;
  readonly redisCores: number;
  readonly limit: 'connections' | 'processor' | 'what each node hears';
}

const NODES_MAX = 2_000;

/** The fewest nodes that are enough. */
export function sizeBrowsers(
  browsers: number,
  balancing: Balancing,
  measured: Measured,
  given: Assumptions,
): BrowserSize {
  const { ingest, push } = measured;
  const callsPerSecond = (browsers * given.callsPerBrowserAndHour) / 3_600;
  const messagesPerSecond = callsPerSecond * ingest.eventsPerCall * ingest.messagesPerEvent;
  const tenants = Math.max(1, browsers / given.browsersPerTenant);
  const supervisors = Math.max(1, given.browsersPerTenant / given.supervisorEvery);
  // Each message goes to whoever is at the phone, and to each supervisor of its tenant.
  const deliveriesPerSecond = messagesPerSecond * (1 + supervisors);
  const byConnections = Math.ceil(browsers / (given.connectionsPerNode * given.planned));
  const heardOf = (nodes: number): number => messagesPerSecond * heardShare(nodes, balancing, given);
  const coresOf = (nodes: number): number =>
    ((browsers / nodes) * push.connectionMicrosPerSecond +
      heardOf(nodes) * push.messageMicros +
      (deliveriesPerSecond / nodes) * push.deliveryMicros) /
    1e6;
  const enough = fewest(byConnections, (nodes) => coresOf(nodes) <= given.planned);
  const nodes = enough ?? NODES_MAX;
  const heardByEach = heardOf(nodes);
  const hearers = messagesPerSecond === 0 ? 0 : (heardByEach * nodes) / messagesPerSecond;
  return {
    messagesPerSecond,
    deliveriesPerSecond,
    nodes: enough,
    coresPerNode: coresOf(nodes),
    gigabytesPerNode: ((browsers / nodes) * push.residentBytesPerConnection) / 1e9,
    redisCores:
      (messagesPerSecond * (push.redisMessageMicros + Math.max(0, hearers - 1) * push.redisNodeMicros)) / 1e6,
    limit: limitOf(),
  };

  function limitOf(): BrowserSize['limit'] {
    if (enough === byConnections) return 'connections';
    const hearing = (heardByEach * push.messageMicros) / 1e6;
    return hearing > coresOf(nodes) / 2 ? 'what each node hears' : 'processor';
  }

  function heardShare(count: number, how: Balancing, { browsersPerTenant }: Assumptions): number {
    // One who listens anywhere has the node hear its tenant; of tenants that are kept together each is heard once or a little more.
    const anywhere = 1 - (1 - 1 / count) ** Math.min(browsersPerTenant, browsers);
    return how === 'any' ? anywhere : Math.min(anywhere, Math.max(1 / count, 1 / tenants));
  }
}

/** Null where even the most are too few. */
function fewest(from: number, isEnough: (nodes: number) => boolean): number | null {
  for (let nodes = from; nodes <= NODES_MAX; nodes += 1) if (isEnough(nodes)) return nodes;
  return null;
}
