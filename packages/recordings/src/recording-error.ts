/** `unknown`: there is no such recording. `not-here`: there is one, and its sound is not. `invalid`: what was asked for makes no sense. */
export type RecordingProblem = 'unknown' | 'not-here' | 'invalid';

/** Something that whoever asked can correct. The message names the problem and the remedy, and may be shown. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly problem: RecordingProblem;

  constructor(problem: RecordingProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
