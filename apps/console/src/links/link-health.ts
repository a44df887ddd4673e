import type { LinkTransition } from '../api/answers.ts';
import { isVerified, shownState } from './link-words.ts';
import type { ShownLink } from './merge-link.ts';

export interface Deduction {
  readonly reason: string;
  readonly points: number;
}

export interface LinkHealth {
  /** 0 to 100. */
  readonly score: number;
  readonly deductions: readonly Deduction[];
}

const best = 100;
const lately = { ms: 60 * 60_000, text: 'in the last hour' };
const points = {
  down: 60,
  eachLoss: 10,
  lossesMax: 40,
  eachFailure: 5,
  failuresMax: 20,
  alarm: 20,
  warnings: 10,
};

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** How well a link does, with what is taken off and why. Of one that is switched off nothing can be said: null. */
export function healthOf(
  link: ShownLink,
  steps: readonly Pick<LinkTransition, 'at' | 'state'>[],
  now: number,
): LinkHealth | null {
  if (shownState(link) === 'paused') return null;
  const losses = steps.filter(({ at, state }) => state === 'lost' && Date.parse(at) > now - lately.ms).length;
  const failures = link.link?.failures ?? 0;
  const deductions: Deduction[] = [
    { reason: 'It is not connected', points: isVerified(link) ? 0 : points.down },
    {
      reason: `It was lost ${times(losses)} ${lately.text}`,
      points: Math.min(points.lossesMax, losses * points.eachLoss),
    },
    {
      reason: `${failures} ${failures === 1 ? 'attempt' : 'attempts'} failed in a row`,
      points: Math.min(points.failuresMax, failures * points.eachFailure),
    },
    { reason: 'Somebody should look at it', points: link.alarm === null ? 0 : points.alarm },
    {
      reason: 'The PBX is not set up as it should be',
      points: link.warnings.length > 0 ? points.warnings : 0,
    },
  ].filter((deduction) => deduction.points > 0);
  const score = deductions.reduce((left, deduction) => left - deduction.points, best);
  return { score: Math.max(0, score), deductions };
}
