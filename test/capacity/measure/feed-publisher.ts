import { createFeed } from '@trunkline/feed';
import { createLogger, createRedisConnections } from '@trunkline/service-kit';
import { commonPhone, rowOf } from '../../bench/push/row.ts';

/** Whoever commits and relays: each message holds one row, as the bench of push has them. */
export interface FeedPublisher extends AsyncDisposable {
  /** A call of the phone to which all listen, or of a phone that changes, which nobody follows. */
  publish(what: 'heard' | 'unheard'): Promise<void>;
}

export async function openFeedPublisher(
  redisUrl: string,
  prefix: string,
  tenant: string,
): Promise<FeedPublisher> {
  const logger = createLogger({ name: 'capacity', level: 'silent', redactPhoneNumbers: false });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'capacity' });
  const feed = createFeed({ redis, prefix });
  await feed.ready();
  let number = 0;
  return {
    publish(what) {
      number += 1;
      const news = what === 'heard' ? { call_update: [rowOf(number, commonPhone)] } : phoneNews(number);
      return feed.deliver([{ tenant, id: String(number), traceparent: null, payload: JSON.stringify(news) }]);
    },
    async [Symbol.asyncDispose]() {
      await feed.close();
      await redis.closeAll();
    },
  };
}

/** As long as a call's row, so that it costs Redis the same. */
const phoneNews = (number: number) => ({
  extension_update: [
    { ...rowOf(number), extension: '9999', name: 'Ben Okafor', status: 'online', number: undefined },
  ],
});
