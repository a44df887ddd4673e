export type SweepRequestProblem =
  /** No worker took it up: nothing was done. */
  | 'nobody'
  /** It goes on, and nobody waits for it any more. */
  | 'unfinished'
  /** It failed; the message says why. */
  | 'failed'
  /** Redis can't be reached. */
  | 'queue'
  | 'aborted';

export class SweepRequestError extends Error {
  override readonly name = 'SweepRequestError';
  readonly problem: SweepRequestProblem;

  constructor(problem: SweepRequestProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
