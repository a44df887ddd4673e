/** A place in the feed of a tenant. An offset has a meaning within its epoch only. */
export interface Position {
  readonly epoch: string;
  /** Two whole numbers, `<milliseconds>-<count>`. */
  readonly offset: string;
}

/** Whether one offset lies before (negative), at (0) or behind (positive) another of the same epoch. */
export function compareOffsets(one: string, other: string): number {
  const [ms = 0, count = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number);
  return ms - otherMs || count - otherCount;
}
