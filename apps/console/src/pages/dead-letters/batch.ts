import { ApiError } from '../../api/problem.ts';

export interface BatchFailure {
  readonly id: string;
  readonly why: string;
}

export interface BatchProgress {
  readonly all: number;
  readonly done: number;
  readonly failures: readonly BatchFailure[];
}

interface BatchWork {
  /** Frozen when the person was asked: what arrives later is not among them. */
  readonly ids: readonly string[];
  readonly act: (id: string) => Promise<unknown>;
  readonly onProgress: (progress: BatchProgress) => void;
  readonly signal: AbortSignal;
  readonly wait?: (ms: number) => Promise<void>;
}

/** The server lets a person ask 600 times a minute; the rest of the page needs some of that. */
const paceMs = 150;
const attemptsMax = 5;
const busyMs = 2_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One after the other; what fails is kept with its reason, and the others go on. */
export async function runBatch({
  ids,
  act,
  onProgress,
  signal,
  wait = pause,
}: BatchWork): Promise<BatchProgress> {
  const failures: BatchFailure[] = [];
  let done = 0;
  const tell = (): BatchProgress => {
    const progress = { all: ids.length, done, failures: [...failures] };
    onProgress(progress);
    return progress;
  };
  let told = tell();
  for (const id of ids) {
    if (signal.aborted) break;
    const why = await attempt(() => act(id), wait);
    if (why === null) done += 1;
    else failures.push({ id, why });
    told = tell();
    await wait(paceMs);
  }
  return told;
}

/** Null when it was done, or why it was not. Waits where the server says that it was too often. */
async function attempt(
  act: () => Promise<unknown>,
  wait: (ms: number) => Promise<void>,
): Promise<string | null> {
  for (let count = 1; ; count += 1) {
    try {
      await act();
      return null;
    } catch (error) {
      const isBusy = error instanceof ApiError && error.status === 429;
      if (!isBusy || count >= attemptsMax) return error instanceof Error ? error.message : String(error);
      await wait(error.retryAfterMs ?? busyMs);
    }
  }
}
