import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withDeadline } from '../primitives/with-deadline.ts';

/** Long enough for a loaded machine, shorter than any stop budget: who exits within it was not forced by one. */
const WAIT_MS_MAX = 12_000;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TestChild extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Everything said so far, a line each. */
  readonly output: readonly string[];
  readonly errors: readonly string[];
  /** Waits for a line of standard output that contains the text. */
  says(text: string): Promise<string>;
  ending(): Promise<Ending>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Also opens an IPC channel. */
  readonly ipc?: boolean;
}

/** Runs a TypeScript file in a Node process of its own; disposal kills what is left of it. */
export function runChild(file: URL, { args = [], env = {}, ipc = false }: ChildOptions = {}): TestChild {
  const stdio: StdioOptions = ipc ? ['pipe', 'pipe', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [file.pathname, ...args], { stdio, env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  const output: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  readLines(child.stdout, output, () => {
    for (const look of waiting) look();
  });
  readLines(child.stderr, errors, () => {});

  return {
    process: child,
    output,
    errors,
    async says(text) {
      const { promise, resolve } = Promise.withResolvers<string>();
      const look = (): void => {
        const line = output.find((line) => line.includes(text));
        if (line !== undefined) resolve(line);
      };
      waiting.add(look);
      look();
      return withDeadline(
        promise,
        WAIT_MS_MAX,
        `waiting for "${text}" after:\n${[...output, ...errors].join('\n')}\n`,
      );
    },
    async ending() {
      await withDeadline(ended, WAIT_MS_MAX, 'the end of a child process');
      return { code: child.exitCode, signal: child.signalCode };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

function readLines(stream: NodeJS.ReadableStream | null, into: string[], onLine: () => void): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    into.push(line);
    onLine();
  });
}
