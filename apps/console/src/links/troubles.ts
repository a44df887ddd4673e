import type { LinkRow, PbxConnectedRow, PbxDisconnectedRow } from '@trunkline/realtime-client';
import { countdownText } from '../time/elapsed.ts';
import { isVerified, nameOfLink, shownState, wordsOfLink } from './link-words.ts';
import { linksCopy } from './copy.ts';

export interface Trouble {
  readonly pbx: string;
  readonly tone: 'warn' | 'danger';
  /** Since when; ISO 8601. */
  readonly since: string;
  readonly text: string;
  /** What happens next, which counts down. */
  readonly next: string;
}

/** When the link was lost, which states that follow don't change. */
export function lostSince(
  link: LinkRow,
  connection: PbxConnectedRow | PbxDisconnectedRow | undefined,
): string {
  return connection !== undefined && 'cause' in connection ? connection.since : link.since;
}

/** What is wrong with the links, worst first. What is paused is meant to be. */
export function troublesOf(
  links: readonly LinkRow[],
  connectionOf: (pbx: string) => PbxConnectedRow | PbxDisconnectedRow | undefined,
  now: number,
): Trouble[] {
  return links
    .filter((link) => !isVerified(link) && link.enabled !== false)
    .toSorted(
      (a, b) => wordsOfLink(a).rank - wordsOfLink(b).rank || nameOfLink(a).localeCompare(nameOfLink(b)),
    )
    .map((link) => ({
      pbx: link.pbx,
      tone: wordsOfLink(link).tone === 'danger' ? ('danger' as const) : ('warn' as const),
      since: lostSince(link, connectionOf(link.pbx)),
      text: linksCopy.trouble(nameOfLink(link), shownState(link)),
      next: linksCopy.next(shownState(link), waitText(link, now)),
    }));
}

function waitText({ nextAttemptAt }: LinkRow, now: number): string | null {
  return nextAttemptAt === null ? null : countdownText(Date.parse(nextAttemptAt) - now);
}
