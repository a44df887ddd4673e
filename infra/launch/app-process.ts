import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FleetProcess } from './fleet.ts';
import { plainLine } from './plain-line.ts';
import type { Supervision } from './supervise-app.ts';

/** Kept for the report of a death. */
const LAST_LINES = 12;

/** An app drains for ten seconds at most when it is asked to stop; then it is killed. */
const STOP_GRACE_MS = 10_000;

export type AppProcess = {
  /** Resolves with the code or the signal. */
  readonly exited: Promise<string>;
  lastLines(): string;
  stop(): Promise<void>;
};

/** One process of an app, in a session of its own, so that a Ctrl-C reaches it only through us and in order. */
export function spawnApp(app: FleetProcess, { root, surroundings, warden, report }: Supervision): AppProcess {
  const child = spawn(process.execPath, [app.entry], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: surroundings.databaseUrl,
      REDIS_URL: surroundings.redisUrl,
      ...app.environment(surroundings),
    },
  });
  const { pid } = child;
  if (pid !== undefined) warden.watch(pid, { signal: 'SIGTERM', as: 'app' });

  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > LAST_LINES) tail.shift();
      report(`[${app.name}] ${plainLine(line)}`);
    });
  }
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      ended = true;
      resolve(error.message);
    });
    // After "close" all its output has been read, so that the last lines are the last.
    child.once('close', (code, signal) => {
      ended = true;
      if (pid !== undefined) warden.forget(pid);
      resolve(signal ?? `code ${code}`);
    });
  });
  return {
    exited,
    lastLines: () => tail.map((line) => `[${app.name}] ${line}`).join('\n'),
    stop: async () => {
      if (ended) return;
      child.kill('SIGTERM');
      child.kill('SIGCONT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
