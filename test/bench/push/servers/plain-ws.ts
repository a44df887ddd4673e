/** The limit: a loop that sends what Redis publishes to every socket. It knows no topics, no positions and no slow readers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { serve } from '../serve.ts';
import { createTokenCheck } from './token-check.ts';

await serve(async (task) => {
  const check = createTokenCheck(task);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    const bearer = request.headers['sec-websocket-protocol']
      ?.split(/, ?/)
      .find((word) => word.startsWith('bearer.'));
    check(bearer?.slice('bearer.'.length) ?? '').then(
      () =>
        sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request)),
      () => socket.destroy(),
    );
  });
  sockets.on('connection', (client) => client.on('message', () => client.send('{"type":"pong"}')));

  const redis = new Redis(task.redisUrl);
  await redis.subscribe(`${task.prefix}:plain`);
  redis.on('message', (_channel, text: string) => {
    for (const client of sockets.clients) client.send(text);
  });

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    async stop() {
      redis.disconnect();
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
});
