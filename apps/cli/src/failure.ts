/** Something a person can act on. It is shown as it is, without a stack. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
}

/** The command as it was given makes no sense: exit code 2. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';
}

export const exitCodes = { done: 0, failed: 1, badUsage: 2 } as const;
