/** Monotonic milliseconds: only differences mean anything, and no step of the wall clock moves them. */
export type MonotonicNow = () => number;

/** A number in [0, 1). */
export type Random = () => number;

export const monotonicNow: MonotonicNow = () => performance.now();
