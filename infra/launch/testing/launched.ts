import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const fixture = join(import.meta.dirname, 'launch-in.fixture.ts');

/** What the fixture's app tells of itself and of what it was given. */
export type Told = {
  readonly url: string;
  readonly pid: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
};

/** An `npm start` under test. */
export type Launched = {
  readonly pid: number;
  output(): string;
  /** Waits until the output says so. */
  says(what: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Waits for the line that everything is ready, and asks the app. */
  ready(): Promise<Told>;
  /** Waits for the exit code, which is null when a signal ended it. */
  exit(): Promise<number | null>;
  /** Sends the signal and waits for the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

/** Starts the system with its data in the folder, whatever stores the test run itself was given. */
export function launchIn(folder: string): Launched {
  const child = spawn(process.execPath, [fixture, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(DATABASE_URL|REDIS_URL|TRUNKLINE_)/.test(name)),
    ),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const exit = async () => {
    const [code] = await exited;
    return code;
  };
  const says = async (what: RegExp, withinMs = 30_000) => {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; await sleep(20)) {
      const match = what.exec(output);
      if (match !== null) return match;
    }
    throw new Error(`It did not say ${what} within ${withinMs} ms, but:\n${output}`);
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    says,
    ready: async () => {
      const [, url = ''] = await says(readyLine);
      const response = await fetch(url);
      return { ...((await response.json()) as Told), url };
    },
    exit,
    end: async (signal) => {
      child.kill(signal);
      return await exit();
    },
  };
}

const readyLine = /^Trunkline is ready: (http:\S+), PostgreSQL \S+ on \S+, (?:Redis|Valkey) \S+ on \S+$/m;

/** Children that outlive their parent are known by having been seen before. */
const seen = new Set<number>();

/** What runs for this folder: whoever names it on the command line, and all their children. */
export function processesOf(folder: string): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n');
  const all = rows
    .map((row) => row.trim().split(/\s+/))
    .map(([pid, parent, state = '', ...args]) => ({
      pid: Number(pid),
      parent: Number(parent),
      state,
      args: args.join(' '),
    }))
    .filter(({ state }) => !state.startsWith('Z'));
  for (const { pid, parent, args } of all) {
    if (args.includes(folder) || (seen.has(parent) && parent !== process.pid)) seen.add(pid);
  }
  return all.filter(({ pid }) => seen.has(pid)).map(({ pid }) => pid);
}

/** Waits until nothing runs for the folder any more. */
export async function goneFrom(folder: string, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    if (performance.now() > deadline) throw new Error(`Still there after ${withinMs} ms: ${left.join(', ')}`);
    await sleep(25);
  }
}
