import type { SystemAnswer } from '../api/answers.ts';
import type { Samples } from './samples.ts';

/** How many events were ever written, as far as it is told; null where a shard does not count what it cut off. */
export function writtenOf({ shards }: Pick<SystemAnswer, 'shards'>): number | null {
  if (!shards.ok) return null;
  let sum = 0;
  for (const { entries, trimmed } of shards.value) {
    if (trimmed === null && entries > 0) return null;
    sum += entries + (trimmed ?? 0);
  }
  return sum;
}

/** A second, from two counts that only grow; null where one is missing or it began anew. */
export function rateOf(
  before: { readonly at: number; readonly count: number } | null,
  now: { readonly at: number; readonly count: number },
): number | null {
  if (before === null || now.at <= before.at || now.count < before.count) return null;
  return ((now.count - before.count) * 1_000) / (now.at - before.at);
}

export function rateText(rate: number | null): string {
  if (rate === null) return '—';
  if (rate >= 1_000) return `${(rate / 1_000).toFixed(1)} k/s`;
  return rate >= 10 || rate === 0 ? `${Math.round(rate)}/s` : `${rate.toFixed(1)}/s`;
}

/** How old the oldest that waits is. */
export function ageText(ms: number | null): string {
  if (ms === null) return 'none waits';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** The lag of the group that is furthest behind; null where nobody knows. */
export function worstGroup({ groups }: Pick<SystemAnswer, 'groups'>) {
  if (!groups.ok || groups.value.length === 0) return null;
  return groups.value.reduce((worst, one) =>
    one.lag > worst.lag || (one.lag === worst.lag && (one.oldestMs ?? 0) > (worst.oldestMs ?? 0))
      ? one
      : worst,
  );
}

let last: { readonly at: number; readonly count: number } | null = null;

/** Takes an answer into the series that the small pictures are drawn of. */
export function noteSystem(samples: Samples, system: SystemAnswer): void {
  const at = Date.parse(system.at);
  if (system.groups.ok)
    for (const { group, lag } of system.groups.value) samples.add(`lag ${group}`, at, lag);
  if (system.backlogs.ok) samples.add('outbox', at, system.backlogs.value.outbox.messages);
  const written = writtenOf(system);
  if (written === null || (last !== null && last.at >= at)) return;
  const now = { at, count: written };
  samples.add('rate', at, rateOf(last, now));
  last = now;
}
