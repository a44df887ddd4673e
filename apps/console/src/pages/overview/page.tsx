import { CheckCircle2, OctagonAlert, TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import type { CleanupRun, DeadLetter, FinishedSweep, Schedule } from '../../api/answers.ts';
import { useResource, type PageOf } from '../../api/use-api.ts';
import { Countdown } from '../../links/countdown.tsx';
import { LinkBadge } from '../../links/link-badge.tsx';
import { isVerified, nameOfLink } from '../../links/link-words.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { useLinks } from '../../links/use-links.ts';
import { CleanupRuns } from '../../ops/cleanup-runs.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { OpsPage, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { Moment } from '../../ui/moment.tsx';
import { overviewCopy as copy } from './copy.ts';
import { needsOf, type Need } from './needs-you.ts';
import styles from './overview.module.css';
import { Pipeline } from './pipeline.tsx';

const askMs = 10_000;
const linksShown = 8;
const runsShown = 5;
const lettersCounted = 500;

/** What needs a person first, and how everything stands. */
export function Page() {
  const { links, asked } = useLinks();
  const letters = useResource<PageOf<DeadLetter>>('/v1/dead-letters', {
    query: { state: 'parked', limit: lettersCounted },
    everyMs: askMs,
  });
  const sweeps = useResource<{ readonly items: readonly FinishedSweep[] }>('/v1/sweeps', { everyMs: askMs });
  const schedule = useResource<Schedule>('/v1/schedule', { everyMs: askMs });
  const runs = useResource<PageOf<CleanupRun>>('/v1/cleanup-runs', {
    query: { limit: runsShown },
    everyMs: askMs,
  });
  const all = [asked, letters, sweeps, schedule];
  useRefresh(...all.map(({ refetch }) => refetch), runs.refetch);
  useTick();
  const needs = needsOf({
    links,
    letters: letters.data && { items: letters.data.items, hasMore: letters.data.next !== null },
    sweeps: sweeps.data?.items,
    schedule: schedule.data,
    now: serverClock.now(),
  });
  const checkedAt = Math.min(...all.map(({ dataUpdatedAt }) => dataUpdatedAt));
  const state = all.some(({ isError }) => isError) ? 'partly' : checkedAt === 0 ? 'looking' : 'checked';
  return (
    <OpsPage>
      <Section title={copy.needs} count={needs.length > 0 ? needs.length : undefined}>
        {needs.length > 0 ? <Needs needs={needs} /> : <Calm state={state} checkedAt={checkedAt} />}
      </Section>
      <Pipeline links={links} />
      <Section title={copy.links} tools={<Link href="/ops/links">{copy.allLinks}</Link>}>
        <Loaded from={asked} what={copy.linksWhat} rows={2}>
          {() => <Links links={links} />}
        </Loaded>
      </Section>
      <Section title={copy.runs} tools={<Link href="/ops/cleanup">{copy.allRuns}</Link>}>
        <Loaded from={runs} what={copy.runsWhat}>
          {({ items }) => <CleanupRuns runs={items} hasKeys />}
        </Loaded>
      </Section>
    </OpsPage>
  );
}

const Needs = ({ needs }: { readonly needs: readonly Need[] }) => (
  <ul className={styles.needs}>
    {needs.map(({ key, tone, text, href, action }) => (
      <li key={key} className={styles.need} data-tone={tone}>
        {tone === 'danger' ? <OctagonAlert size={18} aria-hidden /> : <TriangleAlert size={18} aria-hidden />}
        <span className={styles.text}>{text}</span>
        <Link href={href}>{action}</Link>
      </li>
    ))}
  </ul>
);

interface CalmProps {
  readonly state: 'looking' | 'checked' | 'partly';
  readonly checkedAt: number;
}

/** Said only where it was looked at; otherwise it says what it does not know. */
function Calm({ state, checkedAt }: CalmProps) {
  if (state === 'looking') return <p className={styles.calm}>{copy.looking}</p>;
  if (state === 'partly')
    return (
      <p className={opsStyles.row}>
        <TriangleAlert size={18} aria-hidden />
        {copy.notAll}
      </p>
    );
  return (
    <p className={styles.calm}>
      <CheckCircle2 size={18} aria-hidden />
      <span>
        {copy.nothing} {copy.checked} <Moment at={checkedAt} as="ago" />.
      </span>
    </p>
  );
}

function Links({ links }: { readonly links: readonly ShownLink[] }) {
  if (links.length === 0) return <p className={opsStyles.quiet}>{copy.noLinks}</p>;
  return (
    <ul className={styles.links}>
      {links.slice(0, linksShown).map((link) => (
        <li key={link.pbx} className={styles.link}>
          <LinkBadge link={link} />
          <Link href={`/ops/links/${link.pbx}`}>{nameOfLink(link)}</Link>
          {link.nextAttemptAt !== null && !isVerified(link) && <Countdown to={link.nextAttemptAt} />}
          {isVerified(link) && link.openCalls !== null && <span>{copy.calls(link.openCalls)}</span>}
          <span className={styles.since}>
            <Moment at={link.since} as="elapsed" />
          </span>
        </li>
      ))}
      {links.length > linksShown && (
        <li className={styles.link}>
          <Link href="/ops/links">{copy.more(links.length - linksShown)}</Link>
        </li>
      )}
    </ul>
  );
}
