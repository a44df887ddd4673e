/** Socket.IO with one of its adapters for Redis, set up as its documentation shows: rooms, and recovery where there is one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { commonPhone } from '../row.ts';
import { serve } from '../serve.ts';
import { roomOf, socketioAdapter } from './socketio-adapter.ts';
import { createTokenCheck } from './token-check.ts';

await serve(async (task) => {
  const check = createTokenCheck(task);
  const http = createServer();
  const opened = await socketioAdapter(task.kind ?? '', task);
  const io = new Server(http, {
    adapter: opened.adapter,
    transports: ['websocket'],
    ...(task.kind === 'streams' && {
      connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: false },
    }),
  });
  io.use((socket, next) => {
    const admit = async (): Promise<void> => {
      const refusal = await check(String(socket.handshake.auth['token'] ?? '')).then(
        () => undefined,
        (error: Error) => error,
      );
      next(refusal);
    };
    void admit();
  });
  io.on('connection', (socket) => void socket.join(roomOf(commonPhone)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    async stop() {
      await io.close();
      opened.close();
    },
  };
});
