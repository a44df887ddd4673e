import { rm } from 'node:fs/promises';
import type { ServerProcess } from '../processes/server-process.ts';

/** A server that a test may kill, freeze and bring back on the same port with the same data. */
export type RestartableServer = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Sends a signal: SIGKILL for a crash, SIGSTOP and SIGCONT for a freeze. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process is gone, however it went. */
  exited(): Promise<void>;
  /** Stops what still runs and starts it anew: same port, same data (unless the server kept none). */
  restart(): Promise<void>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type Started = { readonly url: string; readonly port: number; readonly process: ServerProcess };

export async function restartableServer(
  folder: string,
  start: (port?: number) => Promise<Started>,
): Promise<RestartableServer> {
  let current = await start();
  const { url, port } = current;
  const stop = async () => {
    await current.process.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url,
    port,
    get pid() {
      return current.process.pid;
    },
    kill: (signal) => current.process.kill(signal),
    exited: async () => {
      await current.process.exited;
    },
    restart: async () => {
      await current.process.stop();
      current = await start(port);
      if (current.port === port) return;
      await stop();
      throw new Error(`Port ${port} was taken by somebody else while the server was down.`);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
