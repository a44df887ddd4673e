import { ApiError } from '../../api/problem.ts';
import type { ResolvedLetters } from '../../api/answers.ts';

/** What is done: to these letters, or to all that match, as they were counted. */
export type BatchWish =
  | { readonly ids: readonly string[] }
  | {
      readonly filter: Readonly<Record<string, string>>;
      /** Frozen when the person was asked: what fails later is left alone. */
      readonly failedBy: string;
      readonly count: number;
    };

export interface BatchFailure {
  readonly id: string;
  readonly why: string;
}

export interface BatchProgress {
  readonly all: number;
  readonly done: number;
  readonly failures: readonly BatchFailure[];
  /** Why it ended before the end. */
  readonly problem: string | null;
}

interface BatchWork {
  readonly wish: BatchWish;
  readonly send: (body: object) => Promise<ResolvedLetters>;
  readonly onProgress: (progress: BatchProgress) => void;
  readonly signal: AbortSignal;
  readonly wait?: (ms: number) => Promise<void>;
}

/** The server takes a hundred at once; fewer show how it goes. */
const chunkSize = 25;
const attemptsMax = 5;
const busyMs = 2_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const countOf = (wish: BatchWish): number => ('ids' in wish ? wish.ids.length : wish.count);

/** Some after some; what fails is kept with its reason, and the others go on. */
export async function runBatch(work: BatchWork): Promise<BatchProgress> {
  const { wish, send, onProgress, signal, wait = pause } = work;
  let progress: BatchProgress = { all: countOf(wish), done: 0, failures: [], problem: null };
  const tell = (change: Partial<BatchProgress>): void => {
    progress = { ...progress, ...change };
    onProgress(progress);
  };
  tell({});
  let body = firstBody(wish);
  while (body !== null && !signal.aborted) {
    try {
      const answer = await patiently(() => send(body as object), wait);
      const failed = answer.results.filter(({ outcome }) => outcome !== 'replayed' && outcome !== 'dropped');
      tell({
        done: progress.done + answer.results.length - failed.length,
        failures: [
          ...progress.failures,
          ...failed.map(({ id, outcome, problem }) => ({ id, why: problem ?? outcome })),
        ],
      });
      body = nextBody(wish, progress, answer.next);
    } catch (error) {
      tell({ problem: error instanceof Error ? error.message : String(error) });
      break;
    }
  }
  return progress;
}

function firstBody(wish: BatchWish): object | null {
  if ('ids' in wish) return wish.ids.length === 0 ? null : { ids: wish.ids.slice(0, chunkSize) };
  return { ...wish.filter, failedBy: wish.failedBy, count: wish.count };
}

function nextBody(wish: BatchWish, { done, failures }: BatchProgress, next: string | null): object | null {
  if ('ids' in wish) {
    const from = done + failures.length;
    return from >= wish.ids.length ? null : { ids: wish.ids.slice(from, from + chunkSize) };
  }
  return next === null ? null : { ...wish.filter, failedBy: wish.failedBy, count: wish.count, after: next };
}

/** Waits where the server says that it was too often. */
async function patiently<Answer>(
  ask: () => Promise<Answer>,
  wait: (ms: number) => Promise<void>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof ApiError && error.status === 429;
      if (!isBusy || attempt >= attemptsMax) throw error;
      await wait(error.retryAfterMs ?? busyMs);
    }
  }
}
