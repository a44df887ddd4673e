import { openDatabase, OutboxRelay, type Database, type OutboxMessage } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { createCredentials, type Credentials, type PbxAdapter, type Vendor } from '@trunkline/pbx';
import { createPbxCommands, type PbxCommands } from '@trunkline/pbx-commands';
import {
  createLogger,
  createRedisConnections,
  type Logger,
  type RedisConnection,
  type RedisConnections,
  type Settings,
} from '@trunkline/service-kit';
import { createSweepRequests, type SweepRequests } from '@trunkline/stuck-calls';
import { Failure } from './failure.ts';
import type { Terminal } from './output/terminal.ts';
import type { cliSettings } from './settings.ts';

/** What a command works with. Connections are opened by the first command that needs them. */
export interface Bench extends AsyncDisposable {
  readonly terminal: Terminal;
  readonly settings: Settings<typeof cliSettings>;
  readonly logger: Logger;
  readonly adapters: Readonly<Record<Vendor, PbxAdapter>>;
  readonly credentials: Credentials;
  /** Who works here, as audit trails name it. */
  readonly operator: string;
  /** Aborts when the operator wants to stop. */
  readonly signal: AbortSignal;
  now(): Date;
  database(): Promise<Database>;
  commands(): PbxCommands;
  sweepRequests(): SweepRequests;
  /** Takes what was committed to the screens. What it can't take, the outbox's janitor will. */
  relay(messages: readonly OutboxMessage[]): Promise<void>;
  /** Opens connections to Redis; they end with the command. */
  redis(): RedisConnections;
  /** One that answers, or a Failure that says that Redis does not. */
  redisConnection(): Promise<RedisConnection>;
}

export interface BenchOptions {
  readonly terminal: Terminal;
  readonly settings: Settings<typeof cliSettings>;
  readonly adapters: Readonly<Record<Vendor, PbxAdapter>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Somebody waits in front of the screen. */
const redisWithinMs = 3_000;

export function openBench({ terminal, settings, adapters, env, signal }: BenchOptions): Bench {
  const logger = createLogger({ name: 'cli', level: 'silent', redactPhoneNumbers: true });
  const opened = new AsyncDisposableStack();

  const redis = once(() => {
    const connections = createRedisConnections({ url: settings.redis.target, logger, name: 'cli' });
    opened.defer(() => connections.closeAll());
    return connections;
  });
  const shared = { logger, prefix: settings.stores.prefix };
  const database = once(async () =>
    opened.use(
      await openDatabase({
        url: settings.stores.databaseUrl,
        applicationName: 'trunkline-cli',
        connectionsMax: 4,
      }),
    ),
  );
  const relay = once(async () => {
    const feed = createFeed({ redis: redis(), prefix: shared.prefix });
    opened.defer(() => feed.close());
    await redis().whenReady(await connection(), redisWithinMs);
    await feed.ready();
    return new OutboxRelay(await database(), (messages) => feed.deliver(messages));
  });
  const connection = once(async () => {
    const opening = redis().open('commands');
    try {
      await redis().whenReady(opening, redisWithinMs);
      return opening;
    } catch (error) {
      throw new Failure("Redis can't be reached. Is it running, and is REDIS_URL right?", { cause: error });
    }
  });

  return {
    terminal,
    settings,
    logger,
    adapters,
    credentials: createCredentials({ env, directory: settings.pbx.credentialsDirectory }),
    operator: `${env['USER'] ?? 'somebody'} (command line)`,
    signal,
    now: () => new Date(),
    database,
    redis,
    redisConnection: connection,
    commands: once(() => opened.use(createPbxCommands({ redis: redis(), ...shared }))),
    sweepRequests: once(() => opened.use(createSweepRequests({ redis: redis(), ...shared }))),
    relay: async (messages) => {
      if (messages.length > 0) await (await relay()).relay(messages);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function once<Result>(open: () => Result): () => Result {
  let opened: { readonly result: Result } | undefined;
  return () => (opened ??= { result: open() }).result;
}
