/** A monotonic clock that a test moves by hand. */
export function createManualClock(): { now: () => number; advance: (ms: number) => void } {
  let ms = 1_000;
  return {
    now: () => ms,
    advance(by) {
      ms += by;
    },
  };
}
