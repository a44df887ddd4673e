import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { OutboxRelay, type Database, type Deliver } from '@trunkline/database';
import { createPublisher, type Loss, type PayloadCodec, type PublisherTuning } from '@trunkline/event-stream';
import type { Credentials } from '@trunkline/pbx';
import { createCommandServer, type CommandTuning } from '@trunkline/pbx-commands';
import {
  monotonicNow,
  withDeadline,
  type Health,
  type Logger,
  type Metrics,
  type MonotonicNow,
  type Random,
  type RedisConnections,
} from '@trunkline/service-kit';
import { createEvents } from './events.ts';
import { LeaseKeeper } from './lease/lease-keeper.ts';
import { linkBounds, type LinkBounds, type LinkHost } from './link/link-host.ts';
import { LinkRunner } from './link/link-runner.ts';
import type { PhaseName } from './link/link.ts';
import type { Adapters } from './link/prepare-attempt.ts';
import { watchRuns } from './runs-under-way.ts';
import { limitsOf, type ConnectorSettings } from './settings.ts';

/** What a connector works with; tests swap parts of it. */
export interface ConnectorContext {
  readonly settings: Pick<
    ConnectorSettings,
    'stores' | 'connector' | 'lease' | 'timing' | 'retry' | 'snapshots'
  >;
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly adapters: Adapters;
  readonly credentials: Credentials;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  /** Takes messages about links to the screens; what it does not take the outbox's janitor does. */
  readonly deliver?: Deliver;
  readonly name?: string;
  readonly now?: MonotonicNow;
  readonly wallNow?: () => number;
  readonly random?: Random;
  readonly bounds?: Partial<LinkBounds>;
  readonly publisherTuning?: Partial<PublisherTuning>;
  readonly commandTuning?: Partial<CommandTuning>;
}

export interface Connector {
  /** By which the leases know this replica. */
  readonly id: string;
  /** Begins to take leases. Resolves once the stores answer. */
  start(): Promise<void>;
  /** Hands all links over, or closes them where nobody is there to take them. May be called twice. */
  stop(): Promise<void>;
  /** The links that this replica holds, by PBX. */
  links(): ReadonlyMap<string, { readonly epoch: number; readonly phase: PhaseName }>;
}

/** A loop that has not turned for so long is stuck, and not merely waiting for a store. */
const loopSilenceMs = 30_000;

const readyCheckMs = 700;

/** For what is still being asked of the database when all links are over. */
const settleMs = 3_000;

const codec: PayloadCodec<unknown> = {
  encode: (_type, payload) => JSON.stringify(payload),
  decode: (text) => JSON.parse(text) as unknown,
};

/** One replica: leases on one side, links on the other, and between them only `begin`. */
export function createConnector(context: ConnectorContext): Connector {
  const { settings, redis, metrics, logger, now = monotonicNow } = context;
  const database = watchRuns(context.database);
  const { prefix, shards } = settings.stores;
  const id = `${context.name ?? hostname()}-${randomUUID()}`;
  const commands = redis.open('commands');
  const events = createEvents(metrics, () => [...keeper.works].map(({ phase }) => phase));
  const publisher = createPublisher<unknown>({
    prefix,
    shards,
    redis,
    codec,
    logger,
    metrics,
    onLoss: (loss) => wishSnapshotFor(loss),
    ...(context.publisherTuning && { tuning: context.publisherTuning }),
  });
  const commandServer = createCommandServer({
    redis,
    prefix,
    logger,
    ...(context.commandTuning && { tuning: context.commandTuning }),
  });

  const host: LinkHost = {
    ...context,
    database,
    publisher,
    commandServer,
    events,
    now,
    prefix,
    shards,
    redis: commands,
    relay: relayOf(context.database, context.deliver),
    wallNow: context.wallNow ?? Date.now,
    random: context.random ?? Math.random,
    egress: settings.connector.egress,
    timing: settings.timing,
    leaseMs: settings.lease.ttlMs,
    limits: limitsOf(settings.retry),
    snapshots: settings.snapshots,
    bounds: { ...linkBounds, babbleMs: settings.snapshots.babbleMs, ...context.bounds },
    proveLeases: () => keeper.prove(),
  };

  const beat = context.health?.progress('leases', { silenceMsMax: loopSilenceMs });
  const keeper = new LeaseKeeper<LinkRunner>({
    database,
    replica: { id, name: context.name ?? hostname(), egress: settings.connector.egress },
    timing: settings.lease,
    logger,
    now,
    begin: (taken, lease) => new LinkRunner(host, taken, lease),
    onTaken: (how) => events.leaseTaken(how),
    onLost: () => events.leaseLost(),
    onTurn: () => beat?.(),
  });

  function wishSnapshotFor({ source, reason }: Loss): void {
    // A snapshot that is too large would be dropped again, and one that is taken while we stop says nothing to anybody.
    if (reason === 'queue-full') keeper.find(source)?.wishSnapshot('events were dropped');
  }

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    await keeper.stop();
    beat?.end();
    await commandServer[Symbol.asyncDispose]();
    await publisher.stop();
    await redis.close(commands);
    await database.settled(settleMs);
  }

  return {
    id,
    async start() {
      await redis.whenReady(commands);
      await context.database.ping();
      checkReadiness(
        context,
        async () => void (await commands.ping()),
        () => keeper.problem,
      );
      keeper.start();
      logger.info({ replica: id, egress: settings.connector.egress }, 'connector started');
    },
    stop: () => (stopped ??= stop()),
    links: () =>
      new Map([...keeper.works].map(({ lease, phase }) => [lease.pbx, { epoch: lease.epoch, phase }])),
  };
}

function checkReadiness(
  { health, database }: ConnectorContext,
  pingRedis: () => Promise<void>,
  leaseProblem: () => string | null,
): void {
  health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
  health?.check('redis', () => withDeadline(pingRedis(), readyCheckMs, 'asking Redis'));
  health?.check('leases', () => {
    const problem = leaseProblem();
    if (problem !== null) throw new Error(problem);
  });
}

/** Without a way to the screens messages stay in the outbox, from where a janitor takes them. */
function relayOf(database: Database, deliver: Deliver | undefined): Deliver {
  if (deliver === undefined) return () => Promise.resolve();
  const relay = new OutboxRelay(database, deliver);
  return (messages) => relay.relay(messages);
}
