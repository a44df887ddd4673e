import { Link } from 'wouter';
import { attemptText } from '../../links/attempt-text.ts';
import { actionsOf } from '../../links/link-actions.ts';
import { Countdown } from '../../links/countdown.tsx';
import { LinkBadge } from '../../links/link-badge.tsx';
import { isVerified, nameOfLink, shownState, vendorText, wordsOfLink } from '../../links/link-words.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { useRetry } from '../../links/use-link-actions.ts';
import { useLinks } from '../../links/use-links.ts';
import { OpsPage, Outcome, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { linksPageCopy as copy } from './copy.ts';

/** Every link, worst first: how it stands, since when, and what happens next. */
export function Page() {
  const { links, topic, asked } = useLinks();
  useRefresh(asked.refetch);
  const retry = useRetry();
  const mayAct = useMay('ops:write');
  const down = links.filter((link) => !isVerified(link) && link.enabled !== false).length;
  const columns = columnsOf((link) => {
    const { retry: word } = actionsOf(link);
    if (!mayAct || word === null) return null;
    const isBusy = retry.isPending && retry.variables.pbx === link.pbx;
    return (
      <Button isBusy={isBusy} onClick={() => retry.mutate({ pbx: link.pbx })}>
        {word}
      </Button>
    );
  });
  const hasActions = mayAct && links.some((link) => actionsOf(link).retry !== null);
  const asPerson = (pbx: string) => nameOfLink(links.find((link) => link.pbx === pbx) ?? { pbx });

  return (
    <OpsPage>
      <Loaded
        from={links.length > 0 ? { ...asked, data: asked.data ?? { items: [] } } : asked}
        what={copy.what}
      >
        {() =>
          links.length === 0 ? (
            <Notice title={copy.none}>{copy.noneLead}</Notice>
          ) : (
            <Section
              title={copy.label}
              count={down === 0 ? copy.all(links.length) : copy.down(down, links.length)}
            >
              {topic.state !== 'live' && topic.asOf !== null && (
                <p className={opsStyles.stale}>
                  {copy.asOf} <Moment at={asked.dataUpdatedAt} />.
                </p>
              )}
              {retry.isSuccess && (
                <Outcome tone="ok">{copy.asked(asPerson(retry.variables.pbx), retry.data.held)}</Outcome>
              )}
              {retry.isError && (
                <Outcome tone="danger">
                  {copy.failed(asPerson(retry.variables.pbx))} {retry.error.message}
                </Outcome>
              )}
              <Table
                label={copy.label}
                columns={columns.filter(({ title }) => title !== copy.columns.actions || hasActions)}
                rows={links}
                keyOf={({ pbx }) => pbx}
                toneOf={toneOf}
                hasKeys
              />
            </Section>
          )
        }
      </Loaded>
    </OpsPage>
  );
}

function toneOf(link: ShownLink): 'warn' | 'danger' | undefined {
  const { tone } = wordsOfLink(link);
  return tone === 'warn' || tone === 'danger' ? tone : undefined;
}

const columnsOf = (action: (link: ShownLink) => React.ReactNode): readonly Column<ShownLink>[] => [
  { title: copy.columns.state, isPlain: true, cell: (link) => <LinkBadge link={link} /> },
  {
    title: copy.columns.pbx,
    isPlain: true,
    cell: (link) => (
      <>
        <Link href={`/ops/links/${link.pbx}`} data-open>
          {nameOfLink(link)}
        </Link>
        <small className={opsStyles.under}>{vendorText(link.vendor)}</small>
      </>
    ),
  },
  { title: copy.columns.since, align: 'end', cell: ({ since }) => <Moment at={since} as="elapsed" /> },
  {
    title: copy.columns.attempt,
    align: 'end',
    isExtra: true,
    cell: (link) => attemptText(link, link.link),
  },
  { title: copy.columns.next, cell: (link) => <Next link={link} /> },
  { title: copy.columns.heard, isExtra: true, cell: (link) => <Heard link={link} /> },
  {
    title: copy.columns.snapshot,
    isExtra: true,
    cell: ({ snapshotAt }) => (snapshotAt === null ? '—' : <Moment at={snapshotAt} as="ago" />),
  },
  { title: copy.columns.calls, align: 'end', cell: (link) => countOf(link, link.openCalls) },
  {
    title: copy.columns.owner,
    isExtra: true,
    cell: ({ held, link }) => (held === false || link === null ? '—' : (link.heldBy ?? '—')),
  },
  { title: copy.columns.actions, isPlain: true, isPinned: true, cell: action },
];

/** Of a link that is down the state says it all. */
function Heard({ link }: { readonly link: ShownLink }) {
  const heardAt = link.link?.heardAt ?? null;
  return heardAt === null || !isVerified(link) ? '—' : <Moment at={heardAt} as="ago" />;
}

function Next({ link }: { readonly link: ShownLink }) {
  const state = shownState(link);
  if (state === 'refused') return copy.stopped;
  if (link.nextAttemptAt === null || (state !== 'waiting' && state !== 'blocked')) return '—';
  return (
    <>
      <Countdown to={link.nextAttemptAt} withClock={state === 'blocked'} />
      {state === 'blocked' && (
        <>
          {' '}
          <Link href={`/ops/links/${link.pbx}`}>{copy.why}</Link>
        </>
      )}
    </>
  );
}

/** What a PBX that can't be heard was last known to have is no fact: it carries a mark and its meaning. */
function countOf(link: ShownLink, count: number | null) {
  if (count === null) return '—';
  if (isVerified(link)) return count;
  return (
    <span title={copy.unverified}>
      {count}
      <span aria-hidden>*</span>
      <span className="visually-hidden"> {copy.unverified}</span>
    </span>
  );
}
