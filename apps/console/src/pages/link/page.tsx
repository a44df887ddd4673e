import { Link, useParams } from 'wouter';
import type { CleanupRun, PbxDetail } from '../../api/answers.ts';
import { useResource, type PageOf } from '../../api/use-api.ts';
import { healthOf } from '../../links/link-health.ts';
import { serverClock } from '../../time/server-clock.ts';
import { actionsOf } from '../../links/link-actions.ts';
import { LinkBadge } from '../../links/link-badge.tsx';
import { readingOf } from '../../links/link-reading.ts';
import { nameOfLink, vendorText } from '../../links/link-words.ts';
import { mergeLink, type ShownLink } from '../../links/merge-link.ts';
import { useRetry, useSnapshot } from '../../links/use-link-actions.ts';
import { CleanupRuns } from '../../ops/cleanup-runs.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { BackLink, Facts, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useRow, useTopic } from '@trunkline/realtime-react';
import { linkPageCopy as copy } from './copy.ts';
import { LinkBlocks } from './link-blocks.tsx';
import { LinkSteps } from './link-steps.tsx';
import { Transitions, useTransitions } from './transitions.tsx';

/** Who holds the link and how often it failed is told by asking. */
const askMs = 3_000;
const runsShown = 5;

/** One link: where it stands, why, what happens next, and what may be done. */
export function Page() {
  const { pbx } = useParams<{ pbx: string }>();
  useTopic('pbx');
  const live = useRow('link', pbx);
  const asked = useResource<PbxDetail>(`/v1/pbxs/${pbx}`, { everyMs: askMs });
  useRefresh(asked.refetch);
  return (
    <OpsPage>
      <BackLink href="/ops/links">{copy.back}</BackLink>
      <Loaded from={asked} what={copy.what}>
        {(detail) => <Detail detail={detail} link={mergeLink(live, detail) ?? detail} />}
      </Loaded>
    </OpsPage>
  );
}

function Detail({ detail, link }: { readonly detail: PbxDetail; readonly link: ShownLink }) {
  const { heldBy, heardAt, epoch, failures, refusedLogins } = detail.link;
  const runs = useResource<PageOf<CleanupRun>>('/v1/cleanup-runs', {
    query: { pbx: detail.pbx, limit: runsShown },
    everyMs: askMs,
  });
  return (
    <>
      <Section title={nameOfLink(link)} count={<LinkBadge link={link} />} tools={<Actions link={link} />}>
        <LinkSteps link={link} />
        <Reading link={link} detail={detail} />
      </Section>
      <Section title={copy.facts}>
        <Panel>
          <Facts
            facts={[
              [copy.health, <Health key="health" link={link} />],
              [copy.held, link.held === false || heldBy === null ? copy.nobody : <code>{heldBy}</code>],
              [copy.epoch, epoch],
              [copy.failures, failures],
              [copy.refused, refusedLogins],
              [copy.heard, heardAt === null ? '—' : <Moment at={heardAt} as="ago" />],
              [copy.snapshot, link.snapshotAt === null ? '—' : <Moment at={link.snapshotAt} as="ago" />],
              [copy.calls, link.openCalls],
              [copy.phones, link.engagedExtensions],
              [copy.vendor, vendorText(link.vendor)],
              [copy.product, link.product],
            ]}
          />
        </Panel>
        {link.warnings.length > 0 && (
          <>
            <p className={opsStyles.quiet}>{copy.warnings}</p>
            <pre className={opsStyles.verbatim}>{link.warnings.join('\n')}</pre>
          </>
        )}
      </Section>
      <Transitions pbx={detail.pbx} />
      <Section title={copy.runs} tools={<Link href={`/ops/cleanup?pbx=${detail.pbx}`}>{copy.allRuns}</Link>}>
        <Loaded from={runs} what="the cleanup runs" rows={2}>
          {({ items }) => <CleanupRuns runs={items} withPbx={false} />}
        </Loaded>
      </Section>
    </>
  );
}

/** Of the steps that are shown below, so that whoever asks why can read on there. */
function Health({ link }: { readonly link: ShownLink }) {
  const steps = useTransitions(link.pbx);
  if (steps.data === undefined) return '—';
  const shown = steps.data.pages.flatMap(({ items }) => items);
  const health = healthOf(link, shown, serverClock.now());
  if (health === null) return '—';
  return (
    <>
      {copy.score(health.score)}
      {health.deductions.map(({ reason, points }) => (
        <small key={reason} className={opsStyles.under}>
          {copy.deduction(points, reason)}
        </small>
      ))}
    </>
  );
}

function Actions({ link }: { readonly link: ShownLink }) {
  const mayAct = useMay('ops:write');
  const retry = useRetry();
  const snapshot = useSnapshot();
  const { retry: word, snapshot: maySnapshot } = actionsOf(link);
  if (!mayAct) return null;
  const { pbx } = link;
  const last = [retry, snapshot].find(({ isSuccess }) => isSuccess);
  const failed = [retry, snapshot].find(({ isError }) => isError);
  return (
    <>
      {failed !== undefined && <Outcome tone="danger">{failed.error?.message}</Outcome>}
      {failed === undefined && last === retry && (
        <Outcome tone="ok">{retry.data?.held === true ? copy.retried : copy.retriedLater}</Outcome>
      )}
      {failed === undefined && last === snapshot && (
        <Outcome tone="ok">{snapshot.data?.held === true ? copy.snapshotAsked : copy.snapshotLater}</Outcome>
      )}
      {word !== null && (
        <Button look="primary" isBusy={retry.isPending} onClick={() => retry.mutate({ pbx })}>
          {word}
        </Button>
      )}
      {maySnapshot && (
        <Button isBusy={snapshot.isPending} onClick={() => snapshot.mutate({ pbx })}>
          {copy.snapshotNow}
        </Button>
      )}
    </>
  );
}

/** Our reading, and beside it what was said word by word. */
function Reading({ link, detail }: { readonly link: ShownLink; readonly detail: PbxDetail }) {
  const reading = readingOf(link);
  const said = [...new Set([link.reason, link.alarm])].filter((text) => text !== null);
  if (reading === null && said.length === 0) return <p className={opsStyles.quiet}>{copy.steady}</p>;
  return (
    <Panel>
      <div className={opsStyles.section}>
        {reading !== null && (
          <div>
            <p>
              <strong>{reading.what}</strong>
            </p>
            <p>{reading.means}</p>
            <p className={opsStyles.quiet}>{reading.next}</p>
          </div>
        )}
        {said.length > 0 && (
          <div>
            <p className={opsStyles.quiet}>{copy.said}</p>
            <pre className={opsStyles.verbatim}>{said.join('\n')}</pre>
          </div>
        )}
        {link.state === 'blocked' && <LinkBlocks pbx={detail} />}
      </div>
    </Panel>
  );
}
