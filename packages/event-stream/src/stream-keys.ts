const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The Redis keys of this room. Each has exactly one hash tag, the shard, so that all of it works on a cluster. */
export interface StreamKeys {
  events(shard: number): string;
}

export function createStreamKeys(prefix: string): StreamKeys {
  if (!/^[A-Za-z0-9:_-]+$/.test(prefix)) {
    throw new TypeError(
      `stream key prefix "${prefix}" may hold letters, digits, ":", "_" and "-" only: a brace would make a second hash tag`,
    );
  }
  return { events: (shard) => `${prefix}:events:{${shard}}` };
}

/**
 * FNV-1a over UTF-16 units, then a final mix, because FNV's low bits alone are uneven for ids that differ in the last
 * letter. Where a source's events lie depends on this, so it must never change while streams hold entries.
 */
export function shardOf(source: string, shards: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < source.length; index++) {
    hash = Math.imul(hash ^ source.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash ^= hash >>> 15;
  return (hash >>> 0) % shards;
}
