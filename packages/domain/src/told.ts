import type { Version } from './version.ts';

/** A fact together with the version that told it. */
export interface Told<Fact> {
  readonly fact: Fact;
  readonly at: Version;
}

/** [FACT1] Of two tellings the one with the lower version counts: what was said first about who takes part. */
export function firstTold<Fact>(
  one: Told<Fact> | undefined,
  other: Told<Fact> | undefined,
): Told<Fact> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at < one.at ? other : one;
}

/** [FACT2] Of two tellings the one with the higher version counts: names of phones change, the newest is right. */
export function lastTold<Fact>(
  one: Told<Fact> | undefined,
  other: Told<Fact> | undefined,
): Told<Fact> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at > one.at ? other : one;
}
