import { Redis } from 'ioredis';
import { inspect } from '../machine/inspector.ts';
import { readTree } from '../machine/read-usage.ts';
import { observer, type System } from '../system/system.ts';

/** What is measured, of everything that has it. */
export const measures = [
  'heap',
  'external',
  'handles',
  'descriptors',
  'connections',
  'memory',
  'rss',
] as const;
export type Measure = (typeof measures)[number];
export type Figures = Readonly<Partial<Record<Measure, number>>>;

/** Figures of one moment, by who they are of. Sizes are in MB. */
export interface Sample {
  readonly minute: number;
  readonly of: ReadonlyMap<string, Figures>;
}

/** A Node process that is looked at, with the port of its debugger. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly inspectPort: number;
}

const MB = 1_000_000;

/**
 * One after the other, so that the collections of all of them do not meet. Descriptors are counted before the debugger
 * connects, which takes some of its own.
 */
export async function takeSample(
  system: System,
  watched: readonly Watched[],
  minute: number,
): Promise<Sample> {
  const of = new Map<string, Figures>();
  for (const { name, pid, inspectPort } of watched) {
    const { descriptors } = readTree(pid);
    const { heapBytes, externalBytes, handles } = await inspect(inspectPort);
    const { rssBytes } = readTree(pid);
    of.set(name, {
      heap: heapBytes / MB,
      external: externalBytes / MB,
      handles,
      descriptors,
      rss: rssBytes / MB,
    });
  }
  of.set('postgresql', await ofPostgres(system));
  of.set('redis', await ofRedis(system));
  return { minute, of };
}

async function ofPostgres({ database, stores }: System): Promise<Figures> {
  const [row] = await database.run((transaction) =>
    transaction.query<{ connections: number }>(
      `select count(*)::integer as connections from pg_stat_activity
       where backend_type = 'client backend' and application_name <> $1`,
      [observer],
    ),
  );
  const { rssBytes } = readTree(stores.postgres.pid);
  return { connections: row?.connections ?? 0, rss: rssBytes / MB };
}

async function ofRedis({ stores }: System): Promise<Figures> {
  const { descriptors, rssBytes } = readTree(stores.redis.pid);
  const client = new Redis(stores.redis.url, { maxRetriesPerRequest: 1 });
  try {
    const said = `${await client.info('memory')}\n${await client.info('clients')}`;
    const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(said)?.[1]);
    return {
      // Without the one that asks.
      connections: figure('connected_clients') - 1,
      memory: figure('used_memory') / MB,
      descriptors,
      rss: rssBytes / MB,
    };
  } finally {
    client.disconnect();
  }
}
