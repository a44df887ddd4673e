/**
 * Repeats frames until there are as many as wanted, each round under ids of its own: a leg map that remembers ended
 * calls would else skip all rounds but the first. Whole rounds only, so that no call is left open.
 */
export function* multiply(
  frames: readonly string[],
  framesMin: number,
  rename: (frame: string, round: number) => string,
): Generator<string> {
  const rounds = Math.ceil(framesMin / frames.length);
  for (let round = 0; round < rounds; round += 1) {
    for (const frame of frames) yield rename(frame, round);
  }
}
