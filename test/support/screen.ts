import type { Database } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { createFeed, createFeedKeys, readFeedEntry, type Feed, type FeedPosition } from '@trunkline/feed';
import { sleep, type RedisConnection, type RedisConnections } from '@trunkline/service-kit';
import { isDeepStrictEqual } from 'node:util';

export type ShownRow = Readonly<Record<string, unknown>>;

/** What there is to see: how messages call it, by what a row is known, and the columns in which screen and table must agree. */
const kinds = {
  calls: {
    told: ['new_call', 'call_update'],
    key: ['pbx', 'call'],
    fields: ['status', 'cause', 'direction', 'callerNumber', 'calleeNumber', 'extensions', 'revision'],
    rows: `select pbx_id as pbx, call_key as call, status, hangup_cause as cause, direction,
        caller_number as "callerNumber", callee_number as "calleeNumber", extensions, revision
      from call where tenant_id = $1`,
  },
  extensions: {
    told: ['extension_update'],
    key: ['pbx', 'extension'],
    fields: ['name', 'status', 'revision'],
    rows: `select pbx_id as pbx, number as extension, name, status, revision from extension where tenant_id = $1`,
  },
  recordings: {
    told: ['new_recording', 'recording_update'],
    key: ['pbx', 'recording'],
    fields: ['call', 'revision'],
    rows: `select pbx_id as pbx, recording_key as recording, call_key as call, revision
      from recording where tenant_id = $1`,
  },
  cleanups: {
    told: ['cleanup_run'],
    key: ['id'],
    fields: ['kind', 'counts', 'spared', 'revision'],
    rows: `select id, kind, counts, spared, revision from cleanup_run where tenant_id = $1`,
  },
  links: {
    told: ['link_update'],
    key: ['pbx'],
    fields: ['state', 'reason', 'open', 'revision'],
    rows: `select pbx_id as pbx, state, reason, open, revision from pbx_link where tenant_id = $1`,
  },
} as const;

export type ScreenKind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as ScreenKind[];

const PAGE = 500;

/** How often it looks for news, and after a store did not answer. */
const LOOK_MS = 250;

/** The place of a feed to which nothing was ever added. */
const NOWHERE = '0-0';

export interface ScreenOptions {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly tenant: TenantId;
}

/**
 * What somebody sees who follows a tenant's feed by its laws: position first, rows second, then on behind the position; and
 * rows once more where the feed is another one, or was cut off. Of each row the highest revision counts.
 */
export class Screen implements AsyncDisposable {
  readonly #options: ScreenOptions;
  readonly #feed: Feed;
  readonly #client: RedisConnection;
  readonly #shown = new Map<ScreenKind, Map<string, ShownRow>>();
  readonly #stop = new AbortController();
  #place: FeedPosition | null = null;
  #following: Promise<void> = Promise.resolve();
  /** How often the feed was found to be another one, or cut off before what comes next. */
  reloads = 0;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#feed = createFeed({ redis: options.redis, prefix: options.prefix });
    this.#client = options.redis.open('commands');
  }

  /** Looks again and again until it is disposed of, whatever happens to the stores. */
  follow(): void {
    const { signal } = this.#stop;
    this.#following = (async () => {
      while (!signal.aborted) {
        await this.catchUp().catch(() => undefined);
        await sleep(LOOK_MS, signal).catch(() => undefined);
      }
    })();
  }

  /** Reads on to where the feed ends now. Rejects where a store does not answer. */
  async catchUp(): Promise<void> {
    for (;;) {
      const place = this.#place ?? (await this.#load());
      const entries = await this.#client.xrange(this.#stream, `(${place.offset}`, '+', 'COUNT', PAGE);
      // Asked afterwards, so that what was read is known to be of this feed and without a hole.
      const now = await this.#feed.position(this.#options.tenant);
      if (now.epoch !== place.epoch || isBehind(place, now)) {
        this.#place = null;
        this.reloads++;
        continue;
      }
      for (const entry of entries) this.#take(readFeedEntry(entry)?.payload ?? '{}');
      const offset = entries.at(-1)?.[0] ?? place.offset;
      this.#place = { ...place, offset };
      if (entries.length < PAGE) return;
    }
  }

  /** In which rows what is shown is not what the tables say; nothing once everything has come through. */
  async differences(): Promise<string[]> {
    const tables = await this.#tables();
    return kindNames.flatMap((kind) => {
      const shown = this.#shown.get(kind) ?? new Map<string, ShownRow>();
      const stored = tables.get(kind) ?? new Map<string, ShownRow>();
      const keys = [...new Set([...shown.keys(), ...stored.keys()])];
      return keys.flatMap((key) => {
        const [seen, is] = [part(kind, shown.get(key)), part(kind, stored.get(key))];
        return isDeepStrictEqual(seen, is)
          ? []
          : [`${kind} ${key}: shown is ${JSON.stringify(seen)}, stored ${JSON.stringify(is)}`];
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#feed.close();
    await this.#options.redis.close(this.#client);
  }

  get #stream(): string {
    return createFeedKeys(this.#options.prefix)(this.#options.tenant).stream;
  }

  async #load(): Promise<FeedPosition> {
    const place = await this.#feed.position(this.#options.tenant);
    const tables = await this.#tables();
    this.#shown.clear();
    for (const [kind, rows] of tables) this.#shown.set(kind, rows);
    this.#place = place;
    return place;
  }

  #tables(): Promise<Map<ScreenKind, Map<string, ShownRow>>> {
    const { database, tenant } = this.#options;
    return database.run(async (transaction) => {
      const tables = new Map<ScreenKind, Map<string, ShownRow>>();
      for (const kind of kindNames) {
        const rows = await transaction.query<ShownRow>(kinds[kind].rows, [tenant]);
        tables.set(kind, new Map(rows.map((row) => [keyOf(kind, row), row])));
      }
      return tables;
    });
  }

  #take(payload: string): void {
    const message = JSON.parse(payload) as Record<string, ShownRow[]>;
    for (const kind of kindNames) {
      const known = this.#shown.get(kind) ?? new Map<string, ShownRow>();
      this.#shown.set(kind, known);
      for (const row of kinds[kind].told.flatMap((type) => message[type] ?? [])) {
        const key = keyOf(kind, row);
        if (Number(row['revision']) > Number(known.get(key)?.['revision'] ?? 0)) known.set(key, row);
      }
    }
  }
}

const keyOf = (kind: ScreenKind, row: ShownRow): string =>
  kinds[kind].key.map((field) => String(row[field])).join(' ');

const part = (kind: ScreenKind, row: ShownRow | undefined): ShownRow | undefined =>
  row && Object.fromEntries(kinds[kind].fields.map((field) => [field, row[field] ?? null]));

/** What came next after our place has been cut off. */
function isBehind({ offset }: FeedPosition, { oldest }: FeedPosition): boolean {
  if (oldest === NOWHERE) return false;
  const [[time = 0, count = 0], [oldestTime = 0, oldestCount = 0]] = [
    offset.split('-').map(Number),
    oldest.split('-').map(Number),
  ] as [number[], number[]];
  return time < oldestTime || (time === oldestTime && count < oldestCount);
}
