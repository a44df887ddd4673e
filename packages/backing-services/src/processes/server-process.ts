import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { lastLines } from './run-command.ts';
import type { Warden } from './warden.ts';

/** How long a store may take to stop when asked, before it is killed. */
const STOP_GRACE_MS = 10_000;

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type ServerCommand = {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Written to the server's standard input, which is then closed. */
  readonly input?: string;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
};

export type ServerProcess = {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks, waits, and kills when the grace is over. May be called twice. */
  stop(): Promise<void>;
  lastWords(): string;
};

/**
 * Starts a store's server. It gets a session of its own, so that a Ctrl-C in the terminal reaches only the
 * launcher, which then stops things in order; and its output goes to a file, so that it never depends on a
 * reader that may be gone.
 */
export async function startServerProcess(command: ServerCommand, warden: Warden): Promise<ServerProcess> {
  const log = openSync(command.logFile, 'w', 0o600);
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: command.env ?? process.env,
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
    detached: true,
    stdio: [command.input === undefined ? 'ignore' : 'pipe', log, log],
  });
  closeSync(log);
  let ended = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      if (child.pid !== undefined) warden.forget(child.pid);
      resolve({ code, signal });
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (cause) => {
      reject(new Error(`${command.name} could not be started: ${cause.message}`, { cause }));
    });
  });
  warden.watch(pid, { signal: command.stopSignal, as: 'store' });
  child.stdin?.on('error', () => {});
  child.stdin?.end(command.input);

  const kill = (signal: NodeJS.Signals) => {
    if (!ended) child.kill(signal);
  };
  return {
    pid,
    exited,
    hasExited: () => ended,
    kill,
    stop: async () => {
      kill(command.stopSignal);
      kill('SIGCONT');
      const timer = setTimeout(() => kill('SIGKILL'), STOP_GRACE_MS);
      await exited;
      clearTimeout(timer);
    },
    lastWords: () => lastLines(readFileSync(command.logFile, 'utf8')),
  };
}
