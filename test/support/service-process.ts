import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutPaths } from '@trunkline/backing-services';
import { withDeadline } from '@trunkline/service-kit';
import { ensureServices } from '../../infra/services/ensure-services.ts';

/** What a service writes into its log once it runs, of all that was said on the way. */
export interface Said {
  readonly msg?: string;
  readonly port?: number;
  readonly url?: string;
  readonly operations?: string;
}

export interface ServiceProcess {
  readonly pid: number;
  readonly said: Said;
  /** Null while it runs; else its exit code or the signal that ended it. */
  readonly ending: () => number | string | null;
  /** Signals it by its own pid, and resolves when it is gone. One that is gone already stays so. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

/** Long: several begin at once on a machine that has other things to do. */
const startMs = 90_000;

/** Such processes begin again and again from the same sources. */
export const compileCache = join(tmpdir(), `trunkline-compile-cache-${process.getuid?.() ?? 0}`);

/** Sources don't change while a test runs. */
let services: Promise<string> | undefined;

/** The main of a room in a process of its own, which ends with the one that started it. `ready` is what it says when it serves. */
export async function startServiceProcess(
  service: string,
  ready: string,
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  services ??= ensureServices({ root: checkoutPaths().root, report: () => undefined });
  const main = join(await services, `${service.replace('@trunkline/', '')}.mjs`);
  const child = spawn(process.execPath, [main], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      TRUNKLINE_STOP_WITH_PARENT: 'stdin',
      ...env,
    },
  });
  child.stdin.on('error', () => undefined);
  passOnErrors(child);
  const exited = once(child, 'exit');
  const said = await withDeadline(started(child, ready, service), startMs, `the start of ${service}`);
  return {
    // A process that has started has a pid.
    pid: Number(child.pid),
    said,
    ending: () => child.exitCode ?? child.signalCode,
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

/** Whatever it says on standard error, but for what Node says there each time that somebody looks in. */
export function passOnErrors({ stderr }: ChildProcess): void {
  if (stderr === null) return;
  createInterface({ input: stderr }).on('line', (line) => {
    if (!/^Debugger (?:attached|listening|ending)/.test(line)) console.error(line);
  });
}

function started(child: ChildProcess, ready: string, service: string): Promise<Said> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  let serves: Said = {};
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Said;
      if (said.msg === ready) serves = said;
      if (said.msg === 'started') resolve({ ...said, ...serves });
    });
  }
  child.once('exit', (code) => reject(new Error(`${service} ended with code ${code} before it had started`)));
  return promise;
}
