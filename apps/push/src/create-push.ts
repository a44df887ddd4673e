import { createHash } from 'node:crypto';
import {
  readRevocation,
  revocationsChannel,
  type Principal,
  type Revocations,
  type TokenVerifier,
} from '@trunkline/access';
import type { Database } from '@trunkline/database';
import type { Command } from '@trunkline/realtime-protocol';
import {
  monotonicNow,
  sleep,
  withDeadline,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import { createFeeds } from './feed/feeds.ts';
import { createPushMetrics } from './push-metrics.ts';
import { PUSH_TUNING, type PushTuning } from './push-tuning.ts';
import { Counts } from './server/counts.ts';
import type { DoorHost } from './server/door.ts';
import { createEventStreamDoor } from './server/event-stream/event-stream-door.ts';
import { startHttpServer, type HttpServer } from './server/start-http-server.ts';
import { createWebSocketDoor } from './server/web-socket-door.ts';
import type { CommandAnswer, SessionHost } from './session/session-host.ts';
import type { Session } from './session/session.ts';
import { readRows } from './snapshots/read-rows.ts';
import { Snapshots } from './snapshots/snapshots.ts';

export interface PushOptions {
  readonly database: Pick<Database, 'forTenant' | 'ping'>;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly verifier: TokenVerifier;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly carryOut: (command: Command, principal: Principal) => Promise<CommandAnswer>;
  readonly listen: ListenOptions;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  readonly tuning?: PushTuning;
  readonly random?: () => number;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Pages of these may connect; none: those of the host itself. */
  readonly origins: readonly string[];
  /** Proxies before this node that tell the truth in X-Forwarded-For. */
  readonly proxies: number;
}

export interface Push {
  /** Resolves with the port once clients may come. */
  start(): Promise<{ readonly port: number }>;
  /** Gives each client a slot to move to another node, then stops. May be called twice. */
  stop(): Promise<void>;
  /** Of clients, right now. */
  readonly connections: number;
}

const readyCheckMs = 700;
const loopSilenceMs = 30_000;
const fullRetryMs = 5_000;
/** TCP connections beyond those that are let in: enough to tell them why not. */
const socketsOverMax = 1_000;
/** After a crash all clients of this node come to others, at about this pace. */
const comersPerSecond = 1_000;
const spreadMsMax = 30_000;
/** Sessions that are asked about at once after a time of deafness. */
const revocationChecksAtOnce = 50;

/** One node: sessions on one side, feeds on the other, and the few loops between them. */
export function createPush(options: PushOptions): Push {
  const { database, redis, prefix, logger, health, revocations, random = Math.random } = options;
  const tuning = options.tuning ?? PUSH_TUNING;
  const metrics = createPushMetrics(options.metrics);
  const stopping = new AbortController();
  const sessions = new Set<Session>();
  const addresses = new Counts();
  const users = new Counts();
  const beat = health?.progress('sessions', { silenceMsMax: loopSilenceMs });
  const feeds = createFeeds({
    redis,
    prefix,
    logger,
    metrics,
    random,
    tuning: tuning.feeds,
    beat: health?.progress('feeds', { silenceMsMax: loopSilenceMs }),
  });
  const snapshots = new Snapshots({
    read: (tenant, topic) => readRows(database, tenant, topic),
    metrics,
    tuning: tuning.snapshots,
  });
  let server: HttpServer | undefined;
  let loop: Promise<void> = Promise.resolve();
  let isDraining = false;
  let bufferedBytes = 0;
  let stopped: Promise<void> | undefined;

  const host: SessionHost = {
    tuning: tuning.sessions,
    metrics,
    snapshots,
    now: monotonicNow,
    random,
    spreadMs: () => Math.min(spreadMsMax, Math.round((sessions.size / comersPerSecond) * 1_000)),
    verify: (token) => options.verifier.verify(token),
    isRevoked: (principal) => revocations.isRevoked(principal),
    admit: (_session, principal) => users.admit(userOf(principal), tuning.perUserMax),
    watch: (tenant) => feeds.watch(tenant),
    carryOut: options.carryOut,
    onEnding: (session, kind, message) => {
      metrics.closed.inc({ why: kind });
      const user = session.principal === null ? null : fingerprint(session.principal.user);
      logger.info({ connection: session.id, user, kind, problem: message }, 'a connection is closed');
    },
    onEnded: (_session, principal) => {
      if (principal !== null) users.release(userOf(principal));
    },
  };

  const doorHost: DoorHost = {
    tuning: tuning.sessions,
    sessions: host,
    fullRetryMs,
    isFull: () => sessions.size > tuning.connectionsMax || bufferedBytes > tuning.bufferedBytesMax,
    entered: (session) => {
      sessions.add(session);
      metrics.connections.inc();
    },
    left: (session) => {
      if (!sessions.delete(session)) return;
      addresses.release(session.transport.address);
      metrics.connections.dec();
    },
    leftEarly: (address) => addresses.release(address),
    onBroken: (error) => logger.debug({ err: error }, 'a socket broke'),
  };

  async function lookAtSessions(): Promise<void> {
    while (!stopping.signal.aborted) {
      beat?.();
      const now = monotonicNow();
      let bytes = 0;
      let topics = 0;
      for (const session of sessions) {
        session.evaluate(now);
        bytes += session.outbox.bytes;
        topics += session.topics;
      }
      bufferedBytes = bytes;
      metrics.bufferedBytes.set(bytes);
      metrics.subscriptions.set(topics);
      await sleep(tuning.lookMs, stopping.signal).catch(() => undefined);
    }
  }

  function onRevocation(text: string): void {
    const revocation = readRevocation(text);
    if (revocation === null) return;
    for (const session of sessions) session.onRevoked(revocation);
  }

  /** While nothing was heard, revocations were not heard either. */
  async function checkRevocations(): Promise<void> {
    const all = [...sessions];
    for (let first = 0; first < all.length; first += revocationChecksAtOnce) {
      const some = all.slice(first, first + revocationChecksAtOnce);
      await Promise.allSettled(some.map((session) => session.checkRevoked()));
    }
  }

  /** [LIVE5] Slots are given in random order over the window, so that no tenant moves as one. */
  async function drain(): Promise<void> {
    isDraining = true;
    server?.stopListening();
    const { windowMs, graceMs } = tuning.drain;
    const all = [...sessions].toSorted(() => random() - 0.5);
    for (const [index, session] of all.entries()) {
      const afterMs = (index / Math.max(1, all.length)) * windowMs;
      session.move(afterMs, afterMs + graceMs);
    }
    const until = monotonicNow() + windowMs + graceMs + tuning.lookMs;
    while (sessions.size > 0 && monotonicNow() < until) {
      const now = monotonicNow();
      for (const session of sessions) session.evaluate(now);
      await sleep(Math.min(100, tuning.lookMs));
    }
    for (const session of sessions) session.end('restarting', 'this server stops');
  }

  async function stop(): Promise<void> {
    await drain();
    stopping.abort(new Error('push stops'));
    await loop;
    await server?.close();
    await feeds.stop();
    beat?.end();
  }

  return {
    async start() {
      await feeds.start();
      await feeds.listen(revocationsChannel(prefix), onRevocation);
      feeds.onPathRestored(() => void checkRevocations());
      health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
      health?.check('feed', () => {
        if (feeds.problem !== null) throw new Error(feeds.problem);
      });
      server = await startHttpServer({
        ...options.listen,
        headersMs: tuning.headersMs,
        perAddressMax: tuning.perAddressMax,
        socketsMax: tuning.connectionsMax + socketsOverMax,
        addresses,
        webSockets: createWebSocketDoor(doorHost),
        eventStreams: createEventStreamDoor(doorHost),
        isStopping: () => isDraining,
        onRefused: (why) => metrics.closed.inc({ why }),
      });
      loop = lookAtSessions();
      logger.info({ port: server.port }, 'push serves');
      return { port: server.port };
    },
    stop: () => (stopped ??= stop()),
    get connections() {
      return sessions.size;
    },
  };
}

const userOf = ({ tenant, user }: Principal): string => `${tenant} ${user}`;

/** Enough to tell the lines of one user together, and nothing that names somebody. */
const fingerprint = (user: string): string => createHash('sha256').update(user).digest('hex').slice(0, 12);
