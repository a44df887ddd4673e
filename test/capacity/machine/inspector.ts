import { sleep, withDeadline } from '@trunkline/service-kit';

/** What a Node process says of itself right after a full collection. */
export interface Inspected {
  readonly heapBytes: number;
  /** Buffers and whatever else lies outside of the heap on its behalf. */
  readonly externalBytes: number;
  /** Timers, sockets and requests that keep it alive. */
  readonly handles: number;
}

/** A full collection of a busy heap takes its time on a machine that is busy too. */
const answerMs = 60_000;
const openMs = 30_000;
const lookEveryMs = 100;

/** What makes a process answer at this port; nothing of it costs anything before somebody asks. Says nothing on standard error. */
export const inspectedAt = (port: number): string => `--inspect=127.0.0.1:${port} --inspect-publish-uid=http`;

const figures = `JSON.stringify({
  heapBytes: process.memoryUsage().heapUsed,
  externalBytes: process.memoryUsage().external,
  handles: process.getActiveResourcesInfo().length,
})`;

/**
 * Collects the garbage of a process and weighs what is left, over the protocol of its debugger: the services hold no code for
 * it. Twice, since the first collection frees what only the second finds unreachable. The connection is closed again, so that
 * what a debugger keeps is not taken for the process's own.
 */
export async function inspect(port: number): Promise<Inspected> {
  const socket = await connect(port);
  try {
    for (let time = 0; time < 2; time += 1) await call(socket, 'HeapProfiler.collectGarbage');
    const { result } = (await call(socket, 'Runtime.evaluate', {
      expression: figures,
      returnByValue: true,
    })) as { result: { value?: string } };
    if (result.value === undefined) throw new Error(`the process at port ${port} tells no figures`);
    return JSON.parse(result.value) as Inspected;
  } finally {
    await close(socket);
  }
}

async function connect(port: number): Promise<WebSocket> {
  const socket = new WebSocket(await addressOf(port));
  await withDeadline(heard(socket, 'open'), openMs, `the debugger at port ${port}`);
  return socket;
}

async function addressOf(port: number): Promise<string> {
  const deadline = performance.now() + openMs;
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
        signal: AbortSignal.timeout(openMs),
      });
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(lookEveryMs);
  }
}

let calls = 0;

async function call(socket: WebSocket, method: string, params: object = {}): Promise<unknown> {
  const id = (calls += 1);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const listening = new AbortController();
  const { signal } = listening;
  const listen = ({ data }: { data?: unknown }): void => {
    const said = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
    if (said.id !== id) return;
    if (said.error === undefined) resolve(said.result);
    else reject(new Error(`${method}: ${said.error.message}`));
  };
  socket.addEventListener('message', listen, { signal });
  socket.addEventListener('close', () => reject(new Error(`${method}: the process has ended`)), { signal });
  socket.send(JSON.stringify({ id, method, params }));
  try {
    return await withDeadline(promise, answerMs, method);
  } finally {
    listening.abort();
  }
}

function heard(socket: WebSocket, event: 'open' | 'close'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(event, () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('the debugger does not answer')), { once: true });
  });
}

async function close(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = heard(socket, 'close').catch(() => undefined);
  socket.close();
  await closed;
}
