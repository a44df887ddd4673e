import type { LinkRow } from '@trunkline/realtime-client';
import type { LinkDetails } from '../api/answers.ts';
import { shownState } from './link-words.ts';

/** After so many refused logins nobody tries any more. */
const loginsMax = 3;

/** Which attempt comes next or is under way; of refused logins how many of those that there are. */
export function attemptText(
  link: Pick<LinkRow, 'state' | 'held' | 'enabled'>,
  details: Pick<LinkDetails, 'failures' | 'refusedLogins'> | null,
): string {
  if (details === null) return '—';
  switch (shownState(link)) {
    case 'refused':
      return `${details.refusedLogins} of ${loginsMax}`;
    case 'waiting':
    case 'lost':
    case 'connecting':
    case 'authenticating':
    case 'subscribing':
      return String(details.failures + 1);
    default:
      return '—';
  }
}
