import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Sends the same bytes to whoever is connected, as often as it is told to. */
export interface FrameServer extends AsyncDisposable {
  readonly port: number;
  play(): void;
}

/** The bytes of a whole recording go out in one write, so that the sender costs next to nothing. */
export async function serveFrames(
  server: Server,
  listener: () => Socket | null,
  bytes: Buffer,
): Promise<FrameServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    play: () => void listener()?.write(bytes),
    async [Symbol.asyncDispose]() {
      listener()?.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
