import { defaultStuckCallLimits, type StuckCallLimits } from '@trunkline/domain';
import type { Conditions } from './conditions.ts';

/** How long an open call may go on before it is suspect. */
export type SuspicionLimits = Pick<StuckCallLimits, 'answeredMs' | 'unansweredMs'>;

export const defaultSuspicionLimits: SuspicionLimits = defaultStuckCallLimits;

/** When the call was last known to be well. */
export const lastKnownWell = 'greatest(coalesce(c.answered_at, c.started_at), c.verified_at)';

/** [STUCK1] `suspect` of the domain once more, by the clock of the database. */
export function stuckCondition(
  conditions: Conditions,
  { answeredMs, unansweredMs }: SuspicionLimits,
): string {
  const [answered, unanswered] = [conditions.bind(answeredMs), conditions.bind(unansweredMs)];
  return `(c.status <> 'ended' and now() - ${lastKnownWell} >
    case when c.answered_at is null then ${unanswered} else ${answered} end::float8 * interval '1 millisecond')`;
}
