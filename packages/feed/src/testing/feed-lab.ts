import { uniquePrefix } from '@trunkline/backing-services/testing';
import {
  createLogger,
  createRedisConnections,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import {
  createFeed,
  createFeedKeys,
  readFeedEntry,
  readLiveEntry,
  type Feed,
  type FeedEntry,
  type FeedMessage,
  type FeedTuning,
  type LiveEntry,
} from '../index.ts';

const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

/** A feed in a corner of its own of a Redis, and somebody who looks at it with nothing but its contract. */
export class FeedLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('feed');
  readonly keysOf = createFeedKeys(this.prefix);
  readonly redis: RedisConnections;
  readonly client: RedisConnection;
  readonly feed: Feed;
  #messages = 0;

  private constructor(url: string, tuning: Partial<FeedTuning>) {
    this.redis = createRedisConnections({ url, logger, name: 'lab' });
    this.client = this.redis.open('commands');
    this.feed = createFeed({ redis: this.redis, prefix: this.prefix, tuning });
  }

  static async open(url: string, tuning: Partial<FeedTuning> = {}): Promise<FeedLab> {
    const lab = new FeedLab(url, tuning);
    await lab.redis.whenReady(lab.client);
    await lab.feed.ready();
    return lab;
  }

  message(tenant: string, payload: string = JSON.stringify({ call_update: [{ revision: 1 }] })): FeedMessage {
    this.#messages += 1;
    return { tenant, payload, id: String(this.#messages), traceparent: null };
  }

  async entries(tenant: string): Promise<(FeedEntry | null)[]> {
    return (await this.client.xrange(this.keysOf(tenant).stream, '-', '+')).map(readFeedEntry);
  }

  epochOf(tenant: string): Promise<string | null> {
    return this.client.hget(this.keysOf(tenant).head, 'epoch');
  }

  /** Collects what is published to these tenants from here on. */
  async listen(tenants: readonly string[]): Promise<(LiveEntry | null)[]> {
    const heard: (LiveEntry | null)[] = [];
    const subscriber = this.redis.open('subscriber');
    await this.redis.whenReady(subscriber);
    const sharded = this.redis.target.kind === 'cluster';
    subscriber.on(sharded ? 'smessage' : 'message', (_channel: string, text: string) => {
      heard.push(readLiveEntry(text));
    });
    for (const tenant of tenants) {
      const { channel } = this.keysOf(tenant);
      await (sharded ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel));
    }
    return heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.redis.closeAll();
  }
}
