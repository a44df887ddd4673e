import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { ServerProcess } from './server-process.ts';

/** Recovery of a large store after a crash may take its time; nothing else does. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 25;

/** A port may be taken between our look and the server's bind; three in a row are not bad luck. */
const PORT_ATTEMPTS_MAX = 3;

export type Startable = {
  /** For messages: the product and where its program comes from. */
  readonly what: string;
  readonly wantedPort: number | undefined;
  launch(port: number): Promise<ServerProcess>;
  /** Undefined when the server answers, else the reason it does not. */
  ask(port: number): Promise<string | undefined>;
};

/** Starts a server on a port nobody has and waits until it answers; what it started is stopped if it never does. */
export async function startOnFreePort(
  startable: Startable,
): Promise<{ readonly port: number; readonly process: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? startable.wantedPort : undefined);
    const server = await startable.launch(port);
    const failure = await untilReady(server, () => startable.ask(port));
    if (failure === undefined) return { port, process: server };
    await server.stop();
    if (attempt === PORT_ATTEMPTS_MAX || !/address already in use/i.test(failure)) {
      throw new Error(`${startable.what} did not come up: ${failure}`);
    }
  }
}

async function untilReady(
  server: ServerProcess,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  let last = 'it was never asked';
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    if (server.hasExited()) return server.lastWords();
    const failure = await ask();
    if (failure === undefined) return undefined;
    last = failure;
  }
  return `no answer within ${READY_TIMEOUT_MS} ms (${last}). Its log ends: ${server.lastWords()}`;
}
