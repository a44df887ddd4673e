export interface SpreadSeen {
  /** This replica. */
  readonly self: string;
  /** Those that are alive, each once, with what they hold. */
  readonly replicas: readonly { readonly id: string; readonly held: number }[];
  /** All links that somebody should hold. */
  readonly total: number;
}

export interface SpreadPlan {
  /** How many links are this replica's fair share. It takes free ones up to here. */
  readonly share: number;
  /** How many of its own it hands over in this round. */
  readonly release: number;
}

/**
 * What a replica should hold, worked out by each of them alone and alike: an equal share, and one more for some, as long
 * as a rest is left. Those who hold most keep the rest, so that as few links move as can be, and none once shares
 * differ by one at most. A round moves `movesMax` links of a replica, since each move costs a reconnect.
 */
export function planSpread({ self, replicas, total }: SpreadSeen, movesMax: number): SpreadPlan {
  const ranked = [...replicas].sort((one, other) => other.held - one.held || (one.id < other.id ? -1 : 1));
  const place = ranked.findIndex(({ id }) => id === self);
  // Whoever does not see itself among the living has not said so yet.
  if (place === -1) return { share: 0, release: 0 };
  const share = Math.floor(total / ranked.length) + (place < total % ranked.length ? 1 : 0);
  const surplus = Math.max(0, (ranked[place]?.held ?? 0) - share);
  return { share, release: Math.min(surplus, movesMax) };
}
