/** A test need not wait as long as an operator may. */
export const quickTuning = { lockMs: 1_500, stalledLookMs: 300, scheduleLookMs: 200, stopMs: 3_000 } as const;
