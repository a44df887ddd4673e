import { createTestDatabase, startTestServers, uniquePrefix } from '@trunkline/backing-services/testing';
import { addTenant, migrate, openDatabase, type Database } from '@trunkline/database';
import { tenantId } from '@trunkline/domain';
import type { DialectName } from './dialect.ts';
import { openIssuer } from './issuer.ts';
import { openPublisher, type Publisher, type PublisherName } from './publisher.ts';
import { startCrowd, type Crowd } from './start-crowd.ts';
import { startServer, type RunningServer } from './start-server.ts';

export const contenderNames = ['ours', 'plainWs', 'socketioStreams', 'socketioRedis'] as const;
export type ContenderName = (typeof contenderNames)[number];

interface Contender {
  readonly server: string;
  readonly kind: string;
  readonly dialect: DialectName;
  readonly publisher: PublisherName;
}

const contenders: Readonly<Record<ContenderName, Contender>> = {
  ours: { server: './servers/ours.ts', kind: '', dialect: 'ours', publisher: 'ours' },
  plainWs: { server: './servers/plain-ws.ts', kind: '', dialect: 'plain', publisher: 'plain' },
  socketioStreams: {
    server: './servers/socketio.ts',
    kind: 'streams',
    dialect: 'socketio',
    publisher: 'streams',
  },
  socketioRedis: { server: './servers/socketio.ts', kind: 'redis', dialect: 'socketio', publisher: 'redis' },
};

export interface Arena extends AsyncDisposable {
  readonly label: string;
  readonly redisUrl: string;
  readonly database: Database;
  readonly tenant: string;
  /** A server of this kind, and its own corner of Redis. */
  open(name: ContenderName): Promise<Match>;
}

/** One server under measurement, whoever connects to it, and whoever publishes. */
export interface Match extends AsyncDisposable {
  readonly server: RunningServer;
  readonly prefix: string;
  readonly token: string;
  readonly dialect: DialectName;
  crowd(options: CrowdOptions): Promise<Crowd>;
  /** Another server over the same stores, as after a deployment. */
  secondServer(): Promise<RunningServer>;
  publisher(): Promise<Publisher>;
}

export interface CrowdOptions {
  readonly clients: number;
  readonly topic?: string;
  readonly atOnce?: number;
  readonly measureAge?: boolean;
}

const connectionsAtOnce = 32;

/** Real stores, an issuer whose keys every contender fetches, and room for one contender after the other. */
export async function openArena(): Promise<Arena> {
  await using opening = new AsyncDisposableStack();
  const servers = opening.use(await startTestServers((line) => console.log(line)));
  const created = opening.use(await createTestDatabase(async (url) => void (await migrate(url))));
  const database = opening.use(
    await openDatabase({ url: created.url, applicationName: 'bench', silenceMs: 0 }),
  );
  const issuer = opening.use(await openIssuer());
  const tenant = await database.run((transaction) =>
    addTenant(transaction, { id: tenantId(crypto.randomUUID()), name: 'bench' }),
  );
  const token = await issuer.token({ tenant, scope: 'calls:read numbers:read' });
  const opened = opening.move();

  async function open(name: ContenderName): Promise<Match> {
    await using starting = new AsyncDisposableStack();
    const { server: file, kind, dialect, publisher } = contenders[name];
    const prefix = uniquePrefix(`bench-${name}`).replace(/:$/, '');
    const place = { redisUrl: servers.redisUrl, prefix, tenant };
    const { issuer: issuerUrl, audience } = issuer;
    const task = { ...place, databaseUrl: created.url, issuer: issuerUrl, audience, kind };
    const server = starting.use(await startServer(file, task));
    const stack = starting.move();
    return {
      server,
      prefix,
      token,
      dialect,
      crowd: async ({ clients, topic = 'calls', atOnce = connectionsAtOnce, measureAge = false }) =>
        stack.use(
          await startCrowd({ dialect, port: server.port, token, topic, clients, atOnce, measureAge }),
        ),
      secondServer: async () => stack.use(await startServer(file, task)),
      publisher: async () => stack.use(await openPublisher(publisher, place)),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  return {
    label: servers.label,
    redisUrl: servers.redisUrl,
    database,
    tenant,
    open,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Contenders in turn, round after round, so that whatever else the machine does meets all of them alike. */
export async function inTurn<Outcome>(
  names: readonly ContenderName[],
  runs: number,
  run: (name: ContenderName) => Promise<Outcome>,
): Promise<Readonly<Partial<Record<ContenderName, readonly Outcome[]>>>> {
  const outcomes: Partial<Record<ContenderName, Outcome[]>> = {};
  for (let round = 1; round <= runs; round += 1) {
    for (const name of names) {
      const outcome = await run(name);
      (outcomes[name] ??= []).push(outcome);
      console.log(`round ${round}/${runs}  ${name.padEnd(16)} ${JSON.stringify(outcome)}`);
    }
  }
  return outcomes;
}

/** `--only ours,plainWs`, or all. */
export const chosen = (only: string | undefined, names: readonly ContenderName[]): ContenderName[] =>
  names.filter((name) => only === undefined || only.split(',').includes(name));
