import { createFeed } from '@trunkline/feed';
import { createLogger, createRedisConnections } from '@trunkline/service-kit';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { commonPhone, rowOf } from './row.ts';
import { roomOf, socketioAdapter } from './servers/socketio-adapter.ts';

export type PublisherName = 'ours' | 'plain' | 'streams' | 'redis';

export interface Publisher extends AsyncDisposable {
  /** One committed change, on its way to everybody who listens. */
  publish(number: number, phone?: string): Promise<void>;
}

interface Place {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly tenant: string;
}

export const openPublisher = (name: PublisherName, place: Place): Promise<Publisher> =>
  name === 'ours' ? openFeed(place) : name === 'plain' ? openPlain(place) : openSocketio(name, place);

/** As the relay of the outbox does it. */
async function openFeed({ redisUrl, prefix, tenant }: Place): Promise<Publisher> {
  const logger = createLogger({ name: 'bench', level: 'silent', redactPhoneNumbers: false });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'bench' });
  const feed = createFeed({ redis, prefix });
  await feed.ready();
  return {
    publish: (number, phone) =>
      feed.deliver([
        {
          tenant,
          id: String(number),
          traceparent: null,
          payload: JSON.stringify({ call_update: [rowOf(number, phone)] }),
        },
      ]),
    async [Symbol.asyncDispose]() {
      await feed.close();
      await redis.closeAll();
    },
  };
}

async function openPlain({ redisUrl, prefix }: Place): Promise<Publisher> {
  const redis = new Redis(redisUrl);
  return {
    async publish(number, phone) {
      await redis.publish(
        `${prefix}:plain`,
        JSON.stringify({ type: 'call_update', rows: [rowOf(number, phone)] }),
      );
    },
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  };
}

/** From another process than the one that holds the sockets, as everything is committed by another one. */
async function openSocketio(kind: 'streams' | 'redis', place: Place): Promise<Publisher> {
  const opened = await socketioAdapter(kind, place);
  const io = new Server({ adapter: opened.adapter });
  return {
    publish(number, phone = commonPhone) {
      io.to(roomOf(phone)).emit('call_update', { rows: [rowOf(number, phone)] });
      return Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      await io.of('/').adapter.close();
      opened.close();
    },
  };
}
