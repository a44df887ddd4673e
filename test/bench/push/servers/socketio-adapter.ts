import { createAdapter as createRedisAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import type { ServerOptions } from 'socket.io';

/** A topic is a room. Where Socket.IO has no word for all calls, whoever listens to one phone stands for it. */
export const roomOf = (phone: string): string => `calls:${phone}`;

export interface OpenedAdapter {
  readonly adapter: NonNullable<ServerOptions['adapter']>;
  close(): void;
}

interface Place {
  readonly redisUrl: string;
  readonly prefix: string;
}

/** For servers, and for whoever publishes to them: `redis` by pub/sub, `streams` by a stream that also recovers. */
export async function socketioAdapter(kind: string, { redisUrl, prefix }: Place): Promise<OpenedAdapter> {
  const first = new Redis(redisUrl);
  if (kind === 'streams') {
    const adapter = createStreamsAdapter(first, { streamName: `${prefix}:socketio`, maxLen: 10_000 });
    return { adapter: adapter as OpenedAdapter['adapter'], close: () => first.disconnect() };
  }
  const second = first.duplicate();
  const adapter = createRedisAdapter(first, second, { key: `${prefix}:socketio` });
  return {
    adapter: adapter as unknown as OpenedAdapter['adapter'],
    close() {
      first.disconnect();
      second.disconnect();
    },
  };
}
