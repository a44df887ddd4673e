import { readEvent, type LifecycleEvent } from '@trunkline/domain';
import { createStreamKeys } from '@trunkline/event-stream';
import type { Redis } from 'ioredis';

export interface Published {
  /** Everything said of each PBX, once, in the order in which it lies in the stream. */
  readonly events: ReadonlyMap<string, readonly LifecycleEvent[]>;
  /** Places of one PBX at which two different things were said: two connectors spoke under one epoch. */
  readonly contradictions: readonly string[];
}

const PAGE = 5_000;

/** Reads all streams from their beginning. */
export async function readPublished(redis: Redis, prefix: string, shards: number): Promise<Published> {
  const keys = createStreamKeys(prefix);
  const said = new Map<string, string>();
  const events = new Map<string, LifecycleEvent[]>();
  const contradictions: string[] = [];
  for (let shard = 0; shard < shards; shard++) {
    for await (const [head, text] of entriesOf(redis, keys.events(shard))) {
      const [place = '', type = '', source = ''] = head.split(' ');
      const known = said.get(`${source} ${place}`);
      // A write whose answer was lost is done again, word for word.
      if (known !== undefined && known !== text) contradictions.push(`${source} ${place} ${type}`);
      if (known !== undefined) continue;
      said.set(`${source} ${place}`, text);
      const [epoch = 0, seq = 0] = place.split('-').map(Number);
      const event = readEvent({ source, epoch, seq, type }, JSON.parse(text));
      const known2 = events.get(source);
      if (known2 === undefined) events.set(source, [event]);
      else known2.push(event);
    }
  }
  return { events, contradictions };
}

async function* entriesOf(redis: Redis, key: string): AsyncGenerator<readonly [head: string, text: string]> {
  for (let from = '-'; ;) {
    const page = await redis.xrange(key, from, '+', 'COUNT', PAGE);
    for (const [, fields] of page) yield [fields[1] ?? '', fields[3] ?? ''];
    const last = page.at(-1)?.[0];
    if (last === undefined || page.length < PAGE) return;
    from = `(${last}`;
  }
}
