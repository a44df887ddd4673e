import type { CommandProblem } from '@trunkline/realtime-protocol';

/** A command that was not done, or of which nobody knows whether it was. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /**
   * What the server said, or what happened here: `full` (too many wait already), `signed_out` (somebody else is signed in
   * by now), `disconnected` (on purpose, while it waited).
   */
  readonly problem: CommandProblem | 'full' | 'signed_out' | 'disconnected';
  /** False: it may have been done or not. */
  readonly nothingDone: boolean;

  constructor(problem: CommandError['problem'], message: string, nothingDone: boolean) {
    super(message);
    this.problem = problem;
    this.nothingDone = nothingDone;
  }
}
