/** Something a person can act on. It is shown as it is, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

export const exitCodes = { done: 0, failed: 1, badUsage: 2 } as const;
