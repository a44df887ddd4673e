/** Why there is no result. */
export const commandProblems = [
  /** Nobody took it up: no connector holds the link to this PBX. Nothing was done. */
  'nobody',
  /** It was taken up too late and not carried out. */
  'too-late',
  /** The PBX understood and said no, with its words in the message. */
  'refused',
  /** The link to the PBX is down. Nothing was done. */
  'not-connected',
  /** It was taken up and brought no result in time: it may have been done or not. */
  'unanswered',
  /** The PBX or the link failed while it was carried out: it may have been done or not. */
  'failed',
  /** The queue can't be reached. Nothing was done, unless the message says otherwise. */
  'queue',
  /** The caller gave up. */
  'aborted',
  /** The command itself is not valid. */
  'invalid',
] as const;

export type CommandProblem = (typeof commandProblems)[number];

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly problem: CommandProblem;

  constructor(problem: CommandProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
