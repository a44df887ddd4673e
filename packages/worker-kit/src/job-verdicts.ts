import { DelayedError, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq';

/** The work was done and has to be done again after a while, which costs an attempt: somebody else has refused. */
export class RetryAfterError extends Error {
  override readonly name = 'RetryAfterError';
  readonly waitMs: number;

  constructor(message: string, waitMs: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** Trouble of our own, such as a store that is away, is tried again soon. */
const troubleMs = 2_000;
const troubleMsMax = 60_000;

export const backoffMs = (attempts: number, error: Error | undefined): number =>
  error instanceof RetryAfterError
    ? Math.round(error.waitMs)
    : Math.min(troubleMsMax, troubleMs * 2 ** Math.min(attempts, 10));

const verdicts = [RetryAfterError, UnrecoverableError, DelayedError, WaitingError, WaitingChildrenError];

/** Whether an error says what becomes of the job. All others are disturbances. */
export const isVerdict = (error: unknown): boolean => verdicts.some((verdict) => error instanceof verdict);
