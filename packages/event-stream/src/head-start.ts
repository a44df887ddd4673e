/** What a replica knows of a shard with unread entries that it might serve. */
export interface ShardOutlook {
  readonly nowMs: number;
  /** Who moved the offset last; null when nobody ever did. */
  readonly servedBy: string | null;
  /** When this replica first saw entries unread at this very offset. */
  readonly unreadSinceMs: number;
  readonly lag: number;
  /** Until then this replica, which has just failed here, lets others try. */
  readonly hinderedUntilMs: number;
}

export interface HeadStartSettings {
  readonly replica: string;
  readonly headStartMs: number;
  /** From here on it is a backlog, and more hands are better than a familiar one. */
  readonly backlogEntries: number;
}

/**
 * How long to wait before trying a shard's lock; 0 is now. Whoever served a shard last, goes at once: its connections
 * and its windows are warm. The others give it a head start, counted anew whenever the offset moves, so that replicas don't
 * all jump at each event and yet a dead owner is replaced as soon as the offset stands still. A backlog is shared.
 */
export function waitBeforeServing(outlook: ShardOutlook, settings: HeadStartSettings): number {
  if (outlook.hinderedUntilMs > outlook.nowMs) return outlook.hinderedUntilMs - outlook.nowMs;
  if (outlook.servedBy === null || outlook.servedBy === settings.replica) return 0;
  if (outlook.lag >= settings.backlogEntries) return 0;
  return Math.max(0, outlook.unreadSinceMs + settings.headStartMs - outlook.nowMs);
}
