import { createFeedKeys, readFeedEntry, type Feed, type FeedEntry, type FeedPosition } from '@trunkline/feed';
import { withDeadline, type RedisConnection } from '@trunkline/service-kit';

/** Where a feed stands, cheaply told; null where there is none any more. */
export interface FeedHead {
  readonly epoch: string;
  readonly last: string;
}

/** How a node reads feeds, beside listening to them. */
export interface FeedSource {
  /** Looks as closely as whoever delivers: a feed that was lost has another epoch after this. */
  position(tenant: string): Promise<FeedPosition>;
  head(tenant: string): Promise<FeedHead | null>;
  /** The oldest entries behind an offset, up to and with another one. */
  read(tenant: string, behind: string, upTo: string): Promise<FeedEntry[]>;
  /** Whether nothing was ever cut off this feed. */
  isWhole(tenant: string): Promise<boolean>;
}

/** A page of a feed; entries are bounded in size by whoever wrote them. */
export const pageEntries = 100;

const answerMs = 3_000;

export function createFeedSource(
  feed: Pick<Feed, 'position'>,
  connection: RedisConnection,
  prefix: string,
): FeedSource {
  const keysOf = createFeedKeys(prefix);
  const ask = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    withDeadline(answer, answerMs, 'reading a feed');

  return {
    position: (tenant) => feed.position(tenant),
    async head(tenant) {
      const [epoch, last] = await ask(connection.hmget(keysOf(tenant).head, 'epoch', 'last'));
      return typeof epoch === 'string' ? { epoch, last: last ?? '0-0' } : null;
    },
    async read(tenant, behind, upTo) {
      const { stream } = keysOf(tenant);
      const found = await ask(connection.xrange(stream, `(${behind}`, upTo, 'COUNT', pageEntries));
      return found.map(readFeedEntry).filter((entry) => entry !== null);
    },
    async isWhole(tenant) {
      const fields = (await ask(connection.xinfo('STREAM', keysOf(tenant).stream))) as unknown[];
      const value = (name: string): unknown => fields[fields.indexOf(name) + 1];
      return value('entries-added') === value('length');
    },
  };
}
