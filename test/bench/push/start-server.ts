import { fork } from 'node:child_process';
import type { ServerReply, ServerTask, Usage } from './serve.ts';
import { dismiss, toldBy } from './told-by.ts';

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<Usage>;
}

/** A server under measurement, in a process of its own. */
export async function startServer(file: string, task: ServerTask): Promise<RunningServer> {
  const child = fork(new URL(file, import.meta.url), {
    // The young generation is bounded as our image bounds it, for every contender: unbounded it grows with the first
    // thousands of connections, and would be counted for each of them.
    execArgv: ['--expose-gc', '--max-semi-space-size=8'],
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
  });
  const told = toldBy<ServerReply>(child, `the server ${file}`);
  const { port } = await told('ready');
  return {
    port,
    async usage() {
      child.send('usage');
      return (await told('usage')).usage;
    },
    [Symbol.asyncDispose]: () => dismiss(child),
  };
}
