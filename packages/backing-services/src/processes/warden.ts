import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processStartTime } from './process-identity.mjs';

const wardenPath = fileURLToPath(new URL('warden-process.mjs', import.meta.url));

/**
 * When the warden stops things itself, higher stages go first: what uses a store stops before the store. The
 * graces add up to less than the five seconds within which nothing may be left of a killed launcher.
 */
const stages = {
  app: { stage: 1, graceMs: 1_000 },
  store: { stage: 0, graceMs: 3_000 },
} as const;

export type Watched = { readonly signal: NodeJS.Signals; readonly as: keyof typeof stages };

type Ward = {
  readonly pid: number;
  readonly startTime: string;
  readonly signal: NodeJS.Signals;
  readonly stage: number;
  readonly graceMs: number;
};

/**
 * Our end of the warden: a tiny process that stops everything registered here should this process end without
 * doing so itself. A warden that is killed is replaced, and told again whom to watch.
 */
export class Warden {
  readonly #wards = new Map<number, Ward>();
  #process: ChildProcess | undefined;
  #closing = false;

  /** The warden's own process, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  watch(pid: number, how: Watched): void {
    const startTime = processStartTime(pid);
    if (startTime === undefined) return;
    const ward = { pid, startTime, signal: how.signal, ...stages[how.as] };
    this.#wards.set(pid, ward);
    if (this.#process === undefined) this.#start();
    else this.#tell({ watch: ward });
  }

  forget(pid: number): void {
    if (this.#wards.delete(pid)) this.#tell({ forget: pid });
  }

  /** Ends the warden; whatever is still registered is stopped by it now. */
  close(): Promise<void> {
    this.#closing = true;
    const warden = this.#process;
    if (warden === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      warden.ref();
      warden.once('exit', () => resolve());
      warden.stdin?.end();
    });
  }

  #start(): void {
    const warden = spawn(process.execPath, [wardenPath], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#process = warden;
    warden.stdin?.on('error', () => {});
    warden.on('error', () => {});
    warden.on('exit', () => {
      this.#process = undefined;
      if (!this.#closing && this.#wards.size > 0) this.#start();
    });
    // The warden must not be what keeps this process alive.
    warden.unref();
    if (warden.stdin !== null && 'unref' in warden.stdin && typeof warden.stdin.unref === 'function') {
      warden.stdin.unref();
    }
    for (const ward of this.#wards.values()) this.#tell({ watch: ward });
  }

  #tell(message: object): void {
    this.#process?.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
