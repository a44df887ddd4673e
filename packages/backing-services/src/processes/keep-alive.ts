import { setTimeout as sleep } from 'node:timers/promises';

/** A process that may die although nobody asked it to. */
export type Mortal = {
  /** Resolves with the code or the signal it ended with. */
  readonly exited: Promise<string>;
  lastLines(): string;
  stop(): Promise<void>;
};

/** Who dies is brought back after a pause that grows; who dies this often in a row is given up. */
export const restartPolicy = {
  deathsInARowMax: 8,
  pauseMs: 250,
  pauseMsMax: 10_000,
  /** Whoever has lived this long begins a new row. */
  settledAfterMs: 60_000,
};

export type RestartPolicy = Readonly<typeof restartPolicy>;

export type KeptAlive = {
  /** Resolves with the reason when it is given up. */
  readonly lost: Promise<string>;
  /** Stops it for good. May be called twice. */
  stop(): Promise<void>;
};

export type KeepAliveOptions = {
  readonly name: string;
  readonly report: (line: string) => void;
  readonly policy?: RestartPolicy;
};

/** Watches over a process that runs, and over its successors, until it is stopped or given up. */
export function keepAlive(
  first: Mortal,
  bringBack: () => Promise<Mortal>,
  options: KeepAliveOptions,
): KeptAlive {
  const stopping = new AbortController();
  let current: Mortal | undefined = first;
  const bring = async () => {
    current = undefined;
    current = await bringBack();
    return current;
  };
  const life = watchOver(first, bring, stopping.signal, options);
  return {
    lost: life.then((reason) => reason ?? new Promise<never>(() => {})),
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await life;
    },
  };
}

/** Ends with the reason for giving up, or with nothing when it was stopped. */
async function watchOver(
  first: Mortal,
  bring: () => Promise<Mortal>,
  stopping: AbortSignal,
  { name, report, policy = restartPolicy }: KeepAliveOptions,
): Promise<string | undefined> {
  let deathsInARow = 0;
  let next = () => Promise.resolve(first);
  for (;;) {
    const bornAt = performance.now();
    const obituary = await liveAndDie(name, next, stopping);
    if (obituary === undefined) return undefined;
    next = bring;
    deathsInARow = performance.now() - bornAt > policy.settledAfterMs ? 1 : deathsInARow + 1;
    if (deathsInARow >= policy.deathsInARowMax) {
      return `${obituary}\n${name} ended ${deathsInARow} times in a row and is given up.`;
    }
    const pauseMs = Math.min(policy.pauseMs * 2 ** (deathsInARow - 1), policy.pauseMsMax);
    report(`${obituary}\n${name} is started again in ${pauseMs} ms.`);
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return undefined;
  }
}

/** How it ended, or nothing when it was stopped: also when that was asked while it was just being brought back. */
async function liveAndDie(
  name: string,
  next: () => Promise<Mortal>,
  stopping: AbortSignal,
): Promise<string | undefined> {
  try {
    const mortal = await next();
    if (stopping.aborted) await mortal.stop();
    const ending = await mortal.exited;
    if (stopping.aborted) return undefined;
    const lastLines = mortal.lastLines();
    return `${name} ended with ${ending}.${lastLines === '' ? '' : ` Its last lines:\n${lastLines}`}`;
  } catch (error) {
    if (stopping.aborted) return undefined;
    return `${name} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}
