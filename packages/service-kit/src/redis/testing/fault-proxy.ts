import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has seen. */
  readonly accepted: number;
  /** Requests still pass, answers get lost: a half-open link. */
  swallowAnswers(): void;
  /** Back to normal for the connections that come. */
  heal(): void;
  /** Resets all connections. */
  reset(): void;
}

/** Stands between a client and Redis and breaks the link in named ways. */
export async function startFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  let accepted = 0;

  const server = createServer((client) => {
    accepted += 1;
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => void upstream.write(data));
    upstream.on('data', (data) => {
      if (!swallowing) client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    swallowAnswers() {
      swallowing = true;
    },
    heal() {
      swallowing = false;
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
