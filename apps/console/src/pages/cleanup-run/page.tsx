import { Link, useParams } from 'wouter';
import type { CleanupRunCall, CleanupRunDetail } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';
import { Countdown } from '../../links/countdown.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { BackLink, Facts, OpsPage, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { countText, kindText, stageOf, tookText, whyText } from '../../ops/run-words.ts';
import { livenessText, outcomeText, suspicionText } from '../../ops/sweep-words.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { Moment } from '../../ui/moment.tsx';
import { Changes } from './changes.tsx';
import { runCopy as copy } from './copy.ts';

const askMs = 2_000;

/** The audit of one run: what it counted, and each call that it touched. */
export function Page() {
  const { run } = useParams<{ run: string }>();
  const asked = useResource<CleanupRunDetail>(`/v1/cleanup-runs/${run}`, {
    everyMs: (answer) => (answer === undefined || answer.finishedAt === null ? askMs : null),
  });
  useRefresh(asked.refetch);
  return (
    <OpsPage>
      <BackLink href="/ops/cleanup">{copy.back}</BackLink>
      <Loaded from={asked} what={copy.what}>
        {(detail) => <Run run={detail} />}
      </Loaded>
    </OpsPage>
  );
}

function Run({ run }: { readonly run: CleanupRunDetail }) {
  const stage = stageOf(run);
  const title = `${kindText(run.kind)}: ${run.pbxName ?? copy.allPbxs}`;
  return (
    <>
      <Section title={title}>
        {stage === 'spared' && <p>{copy.spared}</p>}
        {stage === 'running' && <p role="status">{copy.running}</p>}
        <Panel>
          <Facts
            facts={[
              [copy.reason, whyText(run)],
              [
                copy.pbx,
                run.pbx === null ? (
                  copy.allPbxs
                ) : (
                  <Link key="pbx" href={`/ops/links/${run.pbx}`}>
                    {run.pbxName ?? run.pbx}
                  </Link>
                ),
              ],
              [copy.happened, run.happenedAt === null ? null : <Moment key="at" at={run.happenedAt} />],
              [copy.when, <Moment key="started" at={run.startedAt} />],
              stage === 'waiting' && run.dueAt !== null
                ? [copy.due, <Countdown key="due" to={run.dueAt} withClock />]
                : [copy.took, tookText(run)],
            ]}
          />
        </Panel>
      </Section>
      {Object.keys(run.counts).length > 0 && (
        <Section title={copy.counts}>
          <Panel>
            <Facts
              facts={Object.entries(run.counts).map(([name, count]) => [
                countText(name),
                count.toLocaleString('en'),
              ])}
            />
          </Panel>
        </Section>
      )}
      {run.kind !== 'sweep' && <Changes run={run} />}
      <Section title={copy.calls} count={run.calls.length}>
        {run.calls.length === 0 ? (
          <p className={opsStyles.quiet}>{copy.noCalls}</p>
        ) : (
          <Table
            label={copy.calls}
            columns={
              run.kind === 'sweep' ? columns : columns.filter(({ title: name }) => name !== copy.columns.said)
            }
            rows={run.calls}
            keyOf={({ pbx, call }) => `${pbx}/${call}`}
            toneOf={({ outcome }) => (outcome === 'failed' ? 'danger' : undefined)}
            hasKeys
          />
        )}
        {run.moreCalls && <p className={opsStyles.quiet}>{copy.moreCalls}</p>}
      </Section>
    </>
  );
}

const columns: readonly Column<CleanupRunCall>[] = [
  { title: copy.columns.outcome, isPlain: true, cell: ({ outcome }) => outcomeText(outcome) },
  {
    title: copy.columns.call,
    wraps: true,
    cell: ({ pbx, call }) => (
      <Link href={`/calls/${pbx}/${encodeURIComponent(call)}`} className={opsStyles.mono} data-open>
        {call}
      </Link>
    ),
  },
  { title: copy.columns.why, cell: ({ why }) => suspicionText(why) },
  { title: copy.columns.said, cell: ({ liveness }) => livenessText(liveness) },
  { title: copy.columns.at, cell: ({ at }) => <Moment at={at} /> },
  { title: copy.columns.detail, wraps: true, isExtra: true, cell: ({ detail }) => detail ?? '' },
];
