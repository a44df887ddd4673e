import type { DeadLetter, FinishedSweep, Schedule } from '../../api/answers.ts';
import { nameOfLink, shownState } from '../../links/link-words.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { countdownText, elapsedText } from '../../time/elapsed.ts';

/** Something that a person should act on: a sentence, and its one action. */
export interface Need {
  readonly key: string;
  readonly tone: 'danger' | 'warn';
  readonly text: string;
  readonly href: string;
  readonly action: string;
}

export interface Seen {
  readonly links: readonly ShownLink[];
  /** Undefined: not known, which is no news of either kind. */
  readonly letters: { readonly items: readonly DeadLetter[]; readonly hasMore: boolean } | undefined;
  readonly sweeps: readonly FinishedSweep[] | undefined;
  readonly schedule: Schedule | undefined;
  readonly now: number;
}

/** A link that waits for so long does not come back by itself in a moment. */
const longMs = 2 * 60_000;

/** The worst first. What mends itself within moments is not among them. */
export function needsOf({ links, letters, sweeps, schedule, now }: Seen): readonly Need[] {
  return [
    ...links.flatMap((link) => needOfLink(link, now) ?? []),
    ...(schedule?.scheduled === false ? [unscheduled] : []),
    ...needOfSweeps(sweeps ?? [], now),
    ...needOfLetters(letters),
  ].toSorted((a, b) => Number(a.tone === 'warn') - Number(b.tone === 'warn'));
}

function needOfLink(link: ShownLink, now: number): Need | null {
  const name = nameOfLink(link);
  const href = `/ops/links/${link.pbx}`;
  const need = (tone: Need['tone'], text: string, action: string): Need => ({
    key: `link ${link.pbx}`,
    tone,
    text,
    href,
    action,
  });
  const goneMs = now - Date.parse(link.since);
  switch (shownState(link)) {
    case 'refused':
      return need(
        'danger',
        `${name} refused the login, and we stopped so that it doesn’t block us.`,
        'See what to do',
      );
    case 'blocked': {
      const left = link.nextAttemptAt === null ? null : countdownText(Date.parse(link.nextAttemptAt) - now);
      const until = left === null ? '' : ` for ${left}`;
      return need(
        'danger',
        `${name} has blocked our address; no attempt${until}. Check the password there.`,
        'Why?',
      );
    }
    case 'unheld':
      return need('danger', `Nobody holds the link to ${name}. Is a connector running?`, 'Look at it');
    case 'waiting':
    case 'lost':
      if (link.alarm !== null) return need('danger', `${name}: ${link.alarm}`, 'Look at it');
      if (goneMs < longMs) return null;
      return need('warn', `${name} has been out of reach for ${elapsedText(goneMs)}.`, 'Look at it');
    default:
      return link.alarm === null ? null : need('warn', `${name}: ${link.alarm}`, 'Look at it');
  }
}

const unscheduled: Need = {
  key: 'schedule',
  tone: 'warn',
  text: 'No sweep for stuck calls is scheduled. Is the stuck-call worker running?',
  href: '/ops/stuck',
  action: 'Open stuck calls',
};

/** What somebody saw longer ago may have been ended by the schedule meanwhile. */
const recentMs = 15 * 60_000;

/** Only the last thing that somebody asked for: a preview that found calls and was left at that. */
function needOfSweeps([last]: readonly FinishedSweep[], now: number): Need[] {
  if (last === undefined || last.report === null || now - Date.parse(last.finishedAt) > recentMs) return [];
  const { dryRun, counts } = last.report;
  const would = dryRun ? (counts['would_end'] ?? 0) : 0;
  const failed = dryRun ? 0 : (counts['failed'] ?? 0);
  const count = would + failed;
  if (count === 0) return [];
  const calls = count === 1 ? '1 call' : `${count} calls`;
  const text =
    failed > 0
      ? `${calls} could not be ended by the last sweep.`
      : `${calls} found stuck, and not ended yet.`;
  return [{ key: 'sweep', tone: 'warn', text, href: `/ops/stuck?sweep=${last.id}`, action: 'Look at them' }];
}

function needOfLetters(letters: Seen['letters']): Need[] {
  if (letters === undefined || letters.items.length === 0) return [];
  const count = letters.items.length;
  const shown = letters.hasMore ? `More than ${count}` : String(count);
  const text =
    count === 1 && !letters.hasMore
      ? '1 event couldn’t be applied and was set aside.'
      : `${shown} events couldn’t be applied and were set aside.`;
  return [{ key: 'letters', tone: 'warn', text, href: '/ops/dead-letters', action: 'See dead letters' }];
}
