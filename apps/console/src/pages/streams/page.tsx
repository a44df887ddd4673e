import type { ReactNode } from 'react';
import type { Chore, QueueFigures, StreamGroup, StreamShard, SystemAnswer, Told } from '../../api/answers.ts';
import { Countdown } from '../../links/countdown.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { Facts, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { ageText, rateText } from '../../ops/system-figures.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { systemSamples, useSystem } from '../../ops/use-system.ts';
import { Moment } from '../../ui/moment.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { streamsCopy as copy } from './copy.ts';

const number = (count: number): string => count.toLocaleString('en');

/** What waits where, and for how long. Each part is told by itself, since one store may be away. */
export function Page() {
  const { system } = useSystem();
  useRefresh(system.refetch);
  return (
    <OpsPage lead={copy.lead}>
      <Loaded from={system} what={copy.what}>
        {(answer) => <Parts system={answer} />}
      </Loaded>
    </OpsPage>
  );
}

function Parts({ system }: { readonly system: SystemAnswer }) {
  return (
    <>
      <Section title={copy.throughput}>
        <Panel>
          <Throughput system={system} />
        </Panel>
      </Section>
      <Part title={copy.groups} told={system.groups}>
        {(groups) => (
          <Table
            label={copy.groups}
            columns={groupColumns}
            rows={groups}
            keyOf={({ group }) => group}
            toneOf={({ oldestMs }) => ((oldestMs ?? 0) > oldMs ? 'warn' : undefined)}
          />
        )}
      </Part>
      <Part title={copy.queues} told={system.queues} tools={<a href="/queues">{copy.board}</a>}>
        {(queues) => (
          <Table
            label={copy.queues}
            columns={queueColumns}
            rows={queues}
            keyOf={({ queue }) => queue}
            toneOf={({ failed }) => (failed > 0 ? 'warn' : undefined)}
          />
        )}
      </Part>
      <Part title={copy.shards} told={system.shards}>
        {(shards) => (
          <>
            <Table
              label={copy.shards}
              columns={shardColumns}
              rows={shards.filter(isWritten)}
              keyOf={({ shard }) => String(shard)}
            />
            <p className={opsStyles.quiet}>
              {copy.unwritten(shards.filter((shard) => !isWritten(shard)).length)}
            </p>
          </>
        )}
      </Part>
      <Part title={copy.chores} told={system.chores}>
        {(chores) => (
          <Table
            label={copy.chores}
            columns={choreColumns}
            rows={chores}
            keyOf={({ task }) => task}
            toneOf={({ problem }) => (problem === null ? undefined : 'danger')}
          />
        )}
      </Part>
    </>
  );
}

interface PartProps<Value> {
  readonly title: string;
  readonly told: Told<Value>;
  readonly tools?: ReactNode;
  readonly children: (value: Value) => ReactNode;
}

function Part<Value>({ title, told, tools, children }: PartProps<Value>) {
  return (
    <Section title={title} {...(tools === undefined ? {} : { tools })}>
      {told.ok ? children(told.value) : <Outcome tone="danger">{copy.unknown(told.because)}</Outcome>}
    </Section>
  );
}

function Throughput({ system: { backlogs } }: { readonly system: SystemAnswer }) {
  const rates = systemSamples.of('rate');
  const rate = rateText(rates.at(-1)?.value ?? null);
  const spark = (name: string, label: string, text: string) => (
    <span key={name} className={opsStyles.pair}>
      {text}
      <Sparkline samples={systemSamples.of(name)} label={label} />
    </span>
  );
  const events = [copy.events, spark('rate', copy.throughputLabel(rate), rate)] as const;
  if (!backlogs.ok) return <Facts facts={[events, [copy.outbox, copy.unknown(backlogs.because)]]} />;
  const { outbox, snapshotWishes, connectors } = backlogs.value;
  return (
    <Facts
      facts={[
        events,
        [copy.outbox, spark('outbox', copy.outboxLabel(outbox.messages), number(outbox.messages))],
        [copy.oldest, ageText(outbox.oldestMs)],
        [copy.wishes, number(snapshotWishes)],
        [copy.connectors, number(connectors)],
      ]}
    />
  );
}

/** Most of the shards of a small installation never see an event. */
const isWritten = ({ entries, trimmed }: StreamShard): boolean => entries > 0 || trimmed !== null;

/** So old an event should have been read. */
const oldMs = 10_000;

const groupColumns: readonly Column<StreamGroup>[] = [
  { title: copy.groupColumns.group, isPlain: true, cell: ({ group }) => group },
  { title: copy.groupColumns.lag, align: 'end', cell: ({ lag }) => number(lag) },
  { title: copy.groupColumns.oldest, align: 'end', cell: ({ oldestMs }) => ageText(oldestMs) },
  { title: copy.groupColumns.parked, align: 'end', cell: ({ parked }) => number(parked) },
  {
    title: copy.groupColumns.went,
    isExtra: true,
    cell: ({ group, lag }) => (
      <Sparkline samples={systemSamples.of(`lag ${group}`)} label={copy.lagLabel(group, lag)} />
    ),
  },
];

const queueColumns: readonly Column<QueueFigures>[] = [
  { title: copy.queueColumns.queue, isPlain: true, cell: ({ queue }) => queue },
  { title: copy.queueColumns.waiting, align: 'end', cell: ({ waiting }) => number(waiting) },
  { title: copy.queueColumns.active, align: 'end', cell: ({ active }) => number(active) },
  { title: copy.queueColumns.delayed, align: 'end', cell: ({ delayed }) => number(delayed) },
  { title: copy.queueColumns.failed, align: 'end', cell: ({ failed }) => number(failed) },
];

const shardColumns: readonly Column<StreamShard>[] = [
  { title: copy.shardColumns.shard, cell: ({ shard }) => shard },
  { title: copy.shardColumns.entries, align: 'end', cell: ({ entries }) => number(entries) },
  {
    title: copy.shardColumns.trimmed,
    align: 'end',
    cell: ({ trimmed }) => (trimmed === null ? '—' : number(trimmed)),
  },
  {
    title: copy.shardColumns.workers,
    wraps: true,
    cell: ({ groups }) =>
      groups.map(({ group, servedBy }) => `${group}: ${servedBy ?? copy.nobody}`).join(' · '),
  },
];

const choreColumns: readonly Column<Chore>[] = [
  { title: copy.choreColumns.task, isPlain: true, cell: ({ task }) => task },
  {
    title: copy.choreColumns.finished,
    cell: ({ finishedAt }) => (finishedAt === null ? '—' : <Moment at={finishedAt} as="ago" />),
  },
  { title: copy.choreColumns.due, cell: ({ dueAt }) => (dueAt === null ? '—' : <Countdown to={dueAt} />) },
  { title: copy.choreColumns.problem, wraps: true, cell: ({ problem }) => problem ?? '' },
];
