import type { Logger, Metrics } from '@trunkline/service-kit';
import { BEFORE_FIRST, compareEntryIds, entryIdAfter } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import { parseEntry } from './entry.ts';
import type { RawEntry } from './entry.ts';
import { messageOf } from './failure.ts';
import type { RedisOpener, SqlTransaction, Transactions } from './ports.ts';
import { RedisLink } from './redis-link.ts';
import type { Resync, ResyncRequest } from './resync-request.ts';
import { UNALIGNED } from './stream-audit.ts';
import type { StreamFacts } from './stream-audit.ts';
import { createStreamKeys } from './stream-keys.ts';
import type { StreamKeys } from './stream-keys.ts';
import { trimmerMetrics } from './stream-metrics.ts';
import { StreamReader } from './stream-reader.ts';
import { pause } from './waiting.ts';

export interface TrimmerOptions<Tx extends SqlTransaction> {
  /** All groups that read the streams: an entry stays until each of them has passed it. */
  readonly groups: readonly string[];
  readonly prefix: string;
  readonly shards: number;
  readonly transactions: Transactions<Tx>;
  readonly redis: RedisOpener;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly resync: Resync<Tx>;
  /** The hard cap of one stream. Beyond it the slowest groups give up the oldest entries, counted and re-synced. */
  readonly streamEntriesMax: number;
  readonly intervalMs?: number;
}

export interface TrimReport {
  readonly trimmed: number;
  /** Entries given up at the hard cap, exactly, for each group that had not read them. */
  readonly lost: readonly { readonly group: string; readonly shard: number; readonly entries: number }[];
}

export interface Trimmer {
  /** Any replica may do it at any time; many at once do no harm. */
  trim(): Promise<TrimReport>;
  start(): void;
  stop(): Promise<void>;
}

const INTERVAL_MS = 1_000;
const REDIS_TIMEOUT_MS = 5_000;
const PAGE_ENTRIES = 1_000;
/** Given up in one transaction; the rest follows in the next. */
const GIVE_UP_ENTRIES_MAX = 20_000;
const TRIMMER = 'trimmer';

export function createTrimmer<Tx extends SqlTransaction>(options: TrimmerOptions<Tx>): Trimmer {
  const { shards, logger, intervalMs = INTERVAL_MS } = options;
  const metrics = trimmerMetrics(options.metrics);
  const keys = createStreamKeys(options.prefix);
  const stopping = new AbortController();
  const link = new RedisLink(options.redis, 'commands', REDIS_TIMEOUT_MS);
  let loop: Promise<void> | null = null;

  async function trim(): Promise<TrimReport> {
    const lost: TrimReport['lost'][number][] = [];
    let trimmed = 0;
    for (let shard = 0; shard < shards && !stopping.signal.aborted; shard++) {
      const stream = new CappedStream(link, keys, shard);
      for (let given: Map<string, number> | null = null; given === null || given.size > 0;) {
        trimmed += await trimShard(options, stream, shard);
        given = await giveUpBeyondCap(options, stream, shard);
        for (const [group, entries] of given) {
          lost.push({ group, shard, entries });
          metrics.capped.inc({ group }, entries);
          logger.error(
            { group, shard, entries },
            'the stream reached its hard cap; unread entries were given up',
          );
        }
      }
    }
    metrics.trimmed.inc(trimmed);
    return { trimmed, lost };
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await trim().catch((error: unknown) =>
        logger.warn({ problem: messageOf(error) }, 'trimming failed, trying later'),
      );
      // Replicas spread themselves, or all of them would look in the same instant.
      await pause(intervalMs * (0.5 + Math.random()), stopping.signal);
    }
  }

  return {
    trim,
    start: () => {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
      link.close();
    },
  };
}

/** Redis' side of one stream. */
class CappedStream {
  readonly #link: RedisLink;
  readonly #reader: StreamReader;
  readonly #shard: number;
  readonly #key: string;

  constructor(link: RedisLink, keys: StreamKeys, shard: number) {
    this.#link = link;
    this.#reader = new StreamReader(link, keys);
    this.#shard = shard;
    this.#key = keys.events(shard);
  }

  facts(): Promise<StreamFacts | null> {
    return this.#reader.facts(this.#shard);
  }

  length(): Promise<number> {
    return this.#link.run('measuring a stream', (connection) => connection.xlen(this.#key));
  }

  async *oldest(count: number): AsyncGenerator<RawEntry> {
    for (let start = '-', left = count; left > 0;) {
      const size = Math.min(left, PAGE_ENTRIES);
      const from = start;
      const page: RawEntry[] = await this.#link.run('reading a stream', (connection) =>
        connection.xrange(this.#key, from, '+', 'COUNT', size),
      );
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      start = `(${last[0]}`;
      left -= size;
    }
  }

  trimThrough(lastId: EntryId): Promise<number> {
    return this.#link.run('trimming a stream', (connection) =>
      connection.xtrim(this.#key, 'MINID', entryIdAfter(lastId)),
    );
  }
}

interface GroupOffset {
  readonly group_name: string;
  readonly last_id: EntryId;
  readonly entries_read: string;
}

/** Cuts what every group has passed. A group without an offset has passed nothing. */
async function trimShard<Tx extends SqlTransaction>(
  { groups, transactions }: TrimmerOptions<Tx>,
  stream: CappedStream,
  shard: number,
): Promise<number> {
  const offsets = await transactions.run((tx) =>
    tx.query<GroupOffset>(
      'select group_name, last_id from stream_offset where group_name = any($1) and shard = $2',
      [groups, shard],
    ),
  );
  if (offsets.length < groups.length) return 0;
  const lowest = offsets
    .map(({ last_id }) => last_id)
    .reduce((low, id) => (compareEntryIds(id, low) < 0 ? id : low));
  if (lowest === BEFORE_FIRST) return 0;
  // A stream that ends before the offsets began anew: what lies in it was not read, whatever the ids say.
  const facts = await stream.facts();
  if (facts === null || compareEntryIds(facts.lastGeneratedId, lowest) < 0) return 0;
  return await stream.trimThrough(lowest);
}

/**
 * Moves the offsets of the groups that hold a stream above its cap past the oldest entries, and asks for snapshots of the
 * sources whose entries they did not read; the ordinary trimming then cuts them. So the loss and the requests are one
 * transaction with the offsets, nothing can be counted twice or forgotten, and a crash anywhere leaves only work for later.
 * Returns how many entries each group gave up.
 */
async function giveUpBeyondCap<Tx extends SqlTransaction>(
  options: TrimmerOptions<Tx>,
  stream: CappedStream,
  shard: number,
): Promise<Map<string, number>> {
  const { groups, transactions, streamEntriesMax, resync } = options;
  if ((await stream.length()) <= streamEntriesMax) return new Map();
  return await transactions.run(async (tx) => {
    await tx.query("select set_config('lock_timeout', '2000', true)");
    // A group that never ran has read nothing; without a row it would hold the stream above its cap for ever.
    await tx.query(
      `insert into stream_offset (group_name, shard, entries_read)
       select group_name, $2, $3 from unnest($1::text[]) as group_name order by group_name on conflict do nothing`,
      [groups, shard, UNALIGNED],
    );
    // Waiting for the batches in hand: what they are just reading must not be counted as lost.
    const offsets = await tx.query<GroupOffset>(
      `select group_name, last_id, entries_read::text as entries_read from stream_offset
       where group_name = any($1) and shard = $2 order by group_name for update`,
      [groups, shard],
    );
    const excess = Math.min((await stream.length()) - streamEntriesMax, GIVE_UP_ENTRIES_MAX);
    if (excess <= 0) return new Map<string, number>();
    const losses = await countUnread(stream, excess, offsets);
    const requests = [...losses.sources.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
    if (requests.length > 0) await resync(requests, tx);
    for (const [group, entries] of losses.byGroup) {
      await tx.query(
        `update stream_offset set last_id = $3, served_by = $4, served_at = now(),
           entries_read = case when entries_read = $6 then $6 else entries_read + $5 end
         where group_name = $1 and shard = $2`,
        [group, shard, losses.end, TRIMMER, entries, UNALIGNED],
      );
    }
    return losses.byGroup;
  });
}

async function countUnread(stream: CappedStream, excess: number, offsets: readonly GroupOffset[]) {
  const byGroup = new Map(offsets.map(({ group_name }) => [group_name, 0]));
  const sources = new Map<string, ResyncRequest>();
  let end: EntryId = BEFORE_FIRST;
  for await (const raw of stream.oldest(excess)) {
    end = raw[0];
    const behind = offsets.filter(({ last_id }) => compareEntryIds(last_id, end) < 0);
    for (const { group_name } of behind) byGroup.set(group_name, (byGroup.get(group_name) ?? 0) + 1);
    if (behind.length > 0) noteSource(sources, raw);
  }
  return { byGroup: new Map([...byGroup].filter(([, entries]) => entries > 0)), sources, end };
}

function noteSource(sources: Map<string, ResyncRequest>, raw: RawEntry): void {
  const entry = parseEntry(raw);
  if (entry.kind === 'malformed') return;
  const { source, epoch, seq } = entry;
  const key = `${epoch} ${source}`;
  const known = sources.get(key);
  const from = Math.min(known?.from ?? seq, seq);
  const to = Math.max(known?.to ?? seq, seq);
  sources.set(key, { source, epoch, reason: 'trimmed', from, to });
}
