/**
 * `invalid`: what was asked for makes no sense. `unknown`: there is no such thing. `conflict`: not as things stand now.
 * `file`: the file can't be read as a table.
 */
export type ContactProblem = 'invalid' | 'unknown' | 'conflict' | 'file';

/** Something that whoever asked can correct. The message names the problem and the remedy, and may be shown. */
export class ContactError extends Error {
  override readonly name = 'ContactError';
  readonly problem: ContactProblem;

  constructor(problem: ContactProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
