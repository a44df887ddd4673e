import type { Liveness, SweepReport, SweptCall } from '../api/answers.ts';

const outcomes: Readonly<Record<string, string>> = {
  ended: 'Ended',
  would_end: 'Would be ended',
  alive: 'Kept: still up',
  unknown: 'Kept: could not be asked',
  failed: 'Failed',
  overtaken: 'Changed meanwhile, left alone',
  reopened: 'Revived',
};

export const outcomeText = (outcome: string): string => outcomes[outcome] ?? outcome.replaceAll('_', ' ');

const reasons: Readonly<Record<string, string>> = {
  answered_too_long: 'Answered long ago',
  unanswered_too_long: 'Unanswered for long',
  double_booked: 'Its phone is in another call',
  spoke_again: 'It was heard of again',
  pbx_disconnected: 'PBX link lost',
  pbx_restarted: 'PBX restarted',
  reconciled: 'Not in the snapshot',
};

export const suspicionText = (why: string): string => reasons[why] ?? why.replaceAll('_', ' ');

/** What the PBX said, in one word, and how often in a row it said nothing; null where it was not asked. */
export const livenessText = (liveness: Liveness | null, unknownTimes: number | null = null): string =>
  `${liveness ?? 'not asked'}${unknownTimes === null ? '' : ` ${unknownTimes}×`}`;

/** In the order in which a person wants to see them: what failed, what ends, what could not be asked, what is kept. */
const order = ['failed', 'would_end', 'ended', 'unknown', 'alive', 'overtaken', 'reopened'];

export interface OutcomeGroup {
  readonly outcome: string;
  readonly calls: readonly SweptCall[];
}

export function groupOutcomes(calls: readonly SweptCall[]): readonly OutcomeGroup[] {
  const groups = new Map<string, SweptCall[]>();
  for (const call of calls) groups.set(call.outcome, [...(groups.get(call.outcome) ?? []), call]);
  const rank = (outcome: string): number => (order.indexOf(outcome) + order.length + 1) % (order.length + 1);
  return [...groups]
    .map(([outcome, some]) => ({ outcome, calls: some }))
    .toSorted((a, b) => rank(a.outcome) - rank(b.outcome));
}

const calls = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'call' : 'calls'}`;

/** How many the button ends: what the preview counted, frozen with it. Null where there is nothing to end. */
export function endable(report: SweepReport | null): number | null {
  if (report === null || !report.dryRun || report.state !== 'done') return null;
  const count = report.counts['would_end'] ?? 0;
  return count === 0 ? null : count;
}

export const endTitle = (count: number): string => `End ${calls(count)}?`;
export const endAction = (count: number): string => `End ${calls(count)}`;

/** A report in one sentence. */
export function reportText({ state, dryRun, counts, more }: SweepReport): string {
  if (state === 'busy') return 'Nothing was done: another sweep is under way. Try again when it is over.';
  if (state === 'overtaken')
    return 'Another sweep took over before the end; the next one finds what is left.';
  const of = (name: string): number => counts[name] ?? 0;
  const found = of('found');
  if (found === 0) return 'No call is suspect. Nothing to do.';
  const kept = of('alive') + of('unknown');
  const rest = more ? ' There are more suspects than one sweep takes; look again afterwards.' : '';
  if (dryRun) {
    const would = of('would_end');
    return `${calls(found)} looked at: ${would} would be ended, ${kept} kept. Nothing was changed.${rest}`;
  }
  const [ended, failed] = [of('ended'), of('failed')];
  const head = failed > 0 ? `${ended} of ${ended + failed} ended.` : `${calls(ended)} ended, ${kept} kept.`;
  return failed > 0 ? `${head} ${failed} failed; nothing of those was changed.${rest}` : `${head}${rest}`;
}
