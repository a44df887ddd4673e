import { useConnection, useRealtime } from '@trunkline/realtime-react';
import { useSyncExternalStore } from 'react';
import { loggedEvents, onConnectionLog, roundTrips, type LoggedEvent } from '../../live/connection-log.ts';
import { topicName } from '../../live/describe-topic.ts';
import { Facts, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { useSession } from '../../session/session-provider.tsx';
import { agoText } from '../../time/elapsed.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { deliveryCopy as copy } from './copy.ts';
import { PushNodes } from './push-nodes.tsx';
import { diagnosticsText, tripSummary, type ShownTopic } from './diagnostics.ts';

/** How what happens reaches this browser. */
export function Page() {
  useTick();
  const connection = useConnection();
  const events = useSyncExternalStore(onConnectionLog, loggedEvents);
  const trips = useSyncExternalStore(onConnectionLog, roundTrips);
  const { client } = useRealtime();
  const topics = client.topics.topics().map((topic) => ({ topic, ...client.topicStatus(topic) }));
  const summary = tripSummary(trips);
  const { isConnected, since, latencyMs, jitterMs, healthScore, deductions, connectionError } = connection;
  const skewMs = serverClock.skewMs();
  return (
    <OpsPage lead={copy.lead}>
      <Section title={copy.connection} tools={<CopyDiagnostics topics={topics} />}>
        <Panel>
          <Facts
            facts={[
              [copy.state, copy.states[connection.state]],
              [
                isConnected ? copy.since : copy.lostAt,
                since === null ? null : <Moment key="since" at={since} />,
              ],
              [copy.roundTrip, latencyMs === null ? null : copy.ms(latencyMs, jitterMs ?? 0)],
              [
                copy.trips,
                summary === null ? null : (
                  <span key="trips" className={opsStyles.pair}>
                    <Sparkline
                      samples={trips.map(({ at, ms }) => ({ at, value: ms }))}
                      label={copy.tripsLabel(summary.p50, summary.p95, trips.length)}
                    />
                    {copy.summary(summary.p50, summary.p95)}
                  </span>
                ),
              ],
              [copy.health, copy.of100(healthScore)],
              ...deductions.map(({ reason, points }) => [`− ${points}`, reason] as const),
              ...(connectionError === null ? [] : [[copy.lastError, connectionError] as const]),
              [copy.skew, skewMs === null ? null : copy.seconds(skewMs)],
            ]}
          />
        </Panel>
      </Section>
      <PushNodes />
      <Section title={copy.topics} count={topics.length}>
        {topics.length === 0 ? (
          <p className={opsStyles.quiet}>{copy.noTopics}</p>
        ) : (
          <Table label={copy.topics} columns={topicColumns} rows={topics} keyOf={({ topic }) => topic} />
        )}
      </Section>
      <Section title={copy.log} count={copy.logCount(events.length)}>
        {events.length === 0 ? (
          <p className={opsStyles.quiet}>{copy.noLog}</p>
        ) : (
          <Table
            label={copy.log}
            columns={eventColumns}
            rows={events.toReversed()}
            keyOf={({ at, name, detail }) => `${at} ${name} ${detail}`}
          />
        )}
      </Section>
    </OpsPage>
  );
}

const topicColumns: readonly Column<ShownTopic>[] = [
  { title: copy.topicColumns.topic, isPlain: true, cell: ({ topic }) => topicName(topic) },
  {
    title: copy.topicColumns.state,
    isPlain: true,
    cell: ({ state }) => copy.topicStates[state as keyof typeof copy.topicStates] ?? state,
  },
  {
    title: copy.topicColumns.asOf,
    cell: ({ asOf, state }) =>
      asOf === null ? (state === 'live' ? copy.now : '—') : agoText(Date.now() - asOf),
  },
];

const eventColumns: readonly Column<LoggedEvent>[] = [
  { title: copy.logColumns.when, isPlain: true, cell: ({ at }) => <Moment at={at} /> },
  {
    title: copy.logColumns.what,
    isPlain: true,
    cell: ({ name }) => copy.events[name] ?? name.replaceAll('_', ' '),
  },
  { title: copy.logColumns.detail, isPlain: true, wraps: true, cell: ({ detail }) => detail },
];

function CopyDiagnostics({ topics }: { readonly topics: readonly ShownTopic[] }) {
  const { config } = useSession();
  const { client } = useRealtime();
  const { outcome, copy: copyText } = useCopy();
  const copyAll = () => {
    const text = diagnosticsText({
      version: config.version,
      at: Date.now(),
      userAgent: navigator.userAgent,
      connection: client.getStatus(),
      skewMs: serverClock.skewMs(),
      topics,
      events: loggedEvents(),
      trips: roundTrips(),
    });
    copyText(text);
  };
  return (
    <>
      {outcome !== null && (
        <Outcome tone={outcome === 'copied' ? 'ok' : 'danger'}>{copy.outcomes[outcome]}</Outcome>
      )}
      <Button onClick={copyAll}>{copy.diagnostics}</Button>
    </>
  );
}
