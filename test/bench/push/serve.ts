/** What a server under measurement is told, as JSON in its environment. */
export interface ServerTask {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly tenant: string;
  readonly issuer: string;
  readonly audience: string;
  /** Further words for one kind of server. */
  readonly kind?: string;
}

export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

/** Processor time of the whole process, and its memory after a full collection. */
export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

export type ServerReply =
  | { readonly tell: 'ready'; readonly port: number }
  | { readonly tell: 'usage'; readonly usage: Usage };

const task = (): ServerTask => JSON.parse(process.env['BENCH_TASK'] ?? '') as ServerTask;

/** The whole of a server's process: starts it, answers what it used, and stops it when its parent is gone. */
export async function serve(start: (task: ServerTask) => Promise<Served>): Promise<void> {
  const served = await start(task());
  process.on('message', (question) => {
    if (question === 'usage') reply({ tell: 'usage', usage: usage() });
  });
  process.once('disconnect', () => void served.stop().then(() => process.exit()));
  reply({ tell: 'ready', port: served.port });
}

const reply = (words: ServerReply): void => void process.send?.(words);

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  // Twice: the first collection frees what the second finds unreachable.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed + external };
}
