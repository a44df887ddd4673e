import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { testAudience } from '@trunkline/access/testing';
import { withDeadline } from '@trunkline/service-kit';
import type { PushLab } from './push-lab.ts';

export interface PushProcess extends AsyncDisposable {
  readonly port: number;
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const startMs = 90_000;

/** A node in a process of its own, on the lab's stores: to kill, freeze or stop. */
export async function startPushProcess(
  lab: PushLab,
  env: Readonly<Record<string, string>> = {},
): Promise<PushProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: lab.database.url,
      REDIS_URL: lab.redisUrl,
      TRUNKLINE_REDIS_PREFIX: lab.prefix,
      TRUNKLINE_TOKEN_ISSUER: lab.issuer.url,
      TRUNKLINE_TOKEN_AUDIENCE: testAudience,
      ...env,
    },
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const lines: string[] = [];
  const { promise: port, resolve } = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const entry = JSON.parse(line) as { msg?: string; port?: number };
    if (entry.msg === 'push serves' && entry.port !== undefined) resolve(entry.port);
  });
  return {
    port: await withDeadline(port, startMs, 'the start of a push process'),
    lines,
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
