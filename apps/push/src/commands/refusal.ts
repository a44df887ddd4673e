import type { CommandProblem } from '@trunkline/realtime-protocol';

/** Nothing was done. */
export const refusal = (problem: CommandProblem, message: string) =>
  ({ ok: false, problem, message, nothingDone: true }) as const;
