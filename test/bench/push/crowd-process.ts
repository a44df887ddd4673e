/** Many clients in a process of their own, so that what they cost is not counted as the server's. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { dialects, type Client, type DialectName } from './dialect.ts';
import { clockMs } from './row.ts';

export interface CrowdTask {
  readonly dialect: DialectName;
  readonly port: number;
  readonly token: string;
  readonly topic: string;
  readonly clients: number;
  /** Connections that are being opened at the same time. */
  readonly atOnce: number;
  /** Whether each delivery is looked into for its age; else it is only counted. */
  readonly measureAge: boolean;
}

export type CrowdOrder =
  | { readonly order: 'hear' }
  | { readonly order: 'leave' }
  /** To another server, with what each client remembers. */
  | { readonly order: 'return'; readonly port: number };

export type CrowdReply =
  | { readonly tell: 'connected'; readonly seconds: number }
  | { readonly tell: 'left' }
  | { readonly tell: 'heard'; readonly deliveries: number; readonly agesMs: readonly number[] };

const task = JSON.parse(process.env['BENCH_TASK'] ?? '') as CrowdTask;
const dialect = dialects[task.dialect];
const clients: Client[] = [];
let isLeaving = false;
let deliveries = 0;
let agesMs: number[] = [];

const numbered = /"number":\d+/g;
const published = /"publishedAt":([\d.]+)/g;

function count(text: string): void {
  if (!task.measureAge) {
    deliveries += text.match(numbered)?.length ?? 0;
    return;
  }
  const now = clockMs();
  for (const [, at] of text.matchAll(published)) {
    deliveries += 1;
    agesMs.push(now - Number(at));
  }
}

/** Resolves when it is let in. */
const listen = (client: Client): Promise<void> =>
  new Promise((resolve, reject) => {
    const { socket } = client;
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      if (dialect.hear(client, text)) resolve();
      count(text);
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      if (!isLeaving) reject(new Error(`closed with ${code}`));
    });
  });

/** So many at once, and how long it took until the last of them was let in. */
async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: task.atOnce }, lane));
  return (performance.now() - startedAt) / 1000;
}

function arrive(index: number): Promise<void> {
  const { token, topic, port } = task;
  const client = { token, topic, memory: new Map<string, string>(), socket: dialect.connect(port, task) };
  clients[index] = client;
  return listen(client);
}

async function leave(): Promise<void> {
  isLeaving = true;
  await Promise.all(clients.map(({ socket }) => endOf(socket)));
  isLeaving = false;
  reply({ tell: 'left' });
}

async function endOf(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = once(socket, 'close');
  socket.terminate();
  await closed;
}

async function comeBack(port: number): Promise<void> {
  const seconds = await inLanes(clients.length, async (index) => {
    const client = clients[index];
    if (client === undefined) return;
    client.socket = dialect.connect(port, client);
    await listen(client);
  });
  reply({ tell: 'connected', seconds });
}

const reply = (words: CrowdReply): void => void process.send?.(words);

process.on('message', (order: CrowdOrder) => {
  switch (order.order) {
    case 'hear':
      reply({ tell: 'heard', deliveries, agesMs });
      agesMs = [];
      break;
    case 'leave':
      void leave();
      break;
    case 'return':
      void comeBack(order.port);
      break;
  }
});
process.once('disconnect', () => {
  isLeaving = true;
  for (const { socket } of clients) socket.terminate();
  process.exit();
});

reply({ tell: 'connected', seconds: await inLanes(task.clients, arrive) });
