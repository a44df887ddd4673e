/** `invalid`: what was asked for makes no sense. `unknown`: there is no such thing. `limit`: there are too many already. */
export type WebhookProblem = 'invalid' | 'unknown' | 'limit';

/** Something that whoever asked can correct. The message names the problem and the remedy, and may be shown. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly problem: WebhookProblem;

  constructor(problem: WebhookProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
