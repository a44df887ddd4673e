import type { EntryId } from './entry-id.ts';
import type { RawEntry } from './entry.ts';
import type { RedisLink } from './redis-link.ts';
import type { StreamFacts } from './stream-audit.ts';
import type { StreamKeys } from './stream-keys.ts';

export interface StreamRead {
  readonly after: EntryId;
  readonly entries: readonly RawEntry[];
  readonly reachedEnd: boolean;
  readonly facts: StreamFacts | null;
}

/** Reads entries and facts of one stream in one instant. Changes nothing in Redis. */
export class StreamReader {
  readonly #link: RedisLink;
  readonly #keys: StreamKeys;

  constructor(link: RedisLink, keys: StreamKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async read(shard: number, after: EntryId, count: number): Promise<StreamRead> {
    const key = this.#keys.events(shard);
    // One MULTI, or an entry that is added or trimmed between the two answers would look like a loss.
    const answers = await this.#link.run('reading a stream', (connection) =>
      connection.multi().xread('COUNT', count, 'STREAMS', key, after).xinfo('STREAM', key).exec(),
    );
    const [read, info] = valuesOf(answers);
    const entries = entriesOf(read);
    return { after, entries, reachedEnd: entries.length < count, facts: factsOf(info) };
  }

  async facts(shard: number): Promise<StreamFacts | null> {
    const key = this.#keys.events(shard);
    const answers = await this.#link.run('looking at a stream', (connection) =>
      connection.multi().xinfo('STREAM', key).exec(),
    );
    return factsOf(valuesOf(answers)[0]);
  }
}

function valuesOf(answers: [Error | null, unknown][] | null): unknown[] {
  if (answers === null) throw new Error('Redis discarded the read transaction');
  return answers.map(([error, value]) => error ?? value);
}

function entriesOf(reply: unknown): readonly RawEntry[] {
  if (reply instanceof Error) throw reply;
  if (reply === null) return [];
  const [stream] = reply as [key: string, entries: RawEntry[]][];
  return stream?.[1] ?? [];
}

function factsOf(reply: unknown): StreamFacts | null {
  if (reply instanceof Error) {
    if (reply.message.includes('no such key')) return null;
    throw reply;
  }
  const pairs = reply as unknown[];
  const valueOf = (name: string): unknown => {
    const at = pairs.indexOf(name);
    return at < 0 ? null : pairs[at + 1];
  };
  const added = valueOf('entries-added');
  const first = valueOf('first-entry') as [EntryId, unknown] | null;
  return {
    length: Number(valueOf('length')),
    entriesAdded: added === null ? null : Number(added),
    lastGeneratedId: String(valueOf('last-generated-id')),
    firstEntryId: first?.[0] ?? null,
  };
}
