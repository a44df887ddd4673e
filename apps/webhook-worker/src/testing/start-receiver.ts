import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';
import type { Behaviour, Received } from './receiver-process.ts';

/** What a receiver got, read as the library of Standard Webhooks reads it. */
export interface Heard {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Receiver extends AsyncDisposable {
  readonly url: (path: string) => string;
  readonly received: readonly Received[];
  behave(path: string, behaviour: Behaviour): Promise<void>;
  /** What came to a path, each verified against the secret: one that does not fit throws. */
  heard(path: string, secret: string): Heard[];
}

const file = new URL('./receiver-process.ts', import.meta.url).pathname;

export async function startReceiver(): Promise<Receiver> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const received: Received[] = [];
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as Received | { readonly port: number };
    if ('port' in told) resolve(told.port);
    else received.push(told);
  });
  const port = await listening;
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  return {
    url,
    received,
    async behave(path, behaviour) {
      await fetch(url(path), { method: 'PUT', body: JSON.stringify(behaviour) });
    },
    heard: (path, secret) =>
      received
        .filter((each) => each.path === path)
        .map(({ body, headers }) => verified(body, headers, secret)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function verified(body: string, headers: Readonly<Record<string, string>>, secret: string): Heard {
  const message = new Webhook(secret).verify(body, headers) as Omit<Heard, 'id'>;
  return { id: headers['webhook-id'] ?? '', ...message };
}
