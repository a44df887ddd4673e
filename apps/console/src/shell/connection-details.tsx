import type { ConnectionStatus } from '@trunkline/realtime-client';
import { useRealtime, type Described } from '@trunkline/realtime-react';
import type { ReactNode } from 'react';
import { topicName } from '../live/describe-topic.ts';
import { useSettings } from '../settings/use-settings.ts';
import { agoText, countdownText } from '../time/elapsed.ts';
import { momentText } from '../time/moment.ts';
import { serverClock } from '../time/server-clock.ts';
import { useTick } from '../time/use-tick.ts';
import styles from './connection-details.module.css';
import { shellCopy } from './copy.ts';

const copy = shellCopy.connection;
/** A clock that is off by less needs nobody. */
const skewMsMin = 5_000;

interface DetailsProps {
  readonly connection: ConnectionStatus;
  readonly state: Described['state'];
  readonly spoken: string;
  readonly waitMs: number | null;
}

export function ConnectionDetails({ connection, state, spoken, waitMs }: DetailsProps) {
  useTick();
  const { zone } = useSettings();
  const { client } = useRealtime();
  const { since, isConnected, connectionError, latencyMs, jitterMs, healthScore, deductions } = connection;
  const { reconnectAttempts, maxReconnectAttempts } = connection;
  const moment = (at: number) => momentText(at, Date.now(), zone);
  const skew = serverClock.skewMs();
  return (
    <>
      <p className={styles.lead}>{leadOf(connection, state) ?? spoken}</p>
      <dl className={styles.facts}>
        {since !== null && <Fact name={isConnected ? copy.since : copy.asOf}>{moment(since)}</Fact>}
        {connectionError !== null && !isConnected && <Fact name={copy.lastError}>{connectionError}</Fact>}
        {state === 'reconnecting' && (
          <Fact name={copy.attempt}>
            {reconnectAttempts}
            {Number.isFinite(maxReconnectAttempts) && ` of ${maxReconnectAttempts}`}
          </Fact>
        )}
        {waitMs !== null && <Fact name={copy.next}>{copy.inTime(countdownText(waitMs))}</Fact>}
        {isConnected && (
          <Fact name={copy.roundTrip}>
            {latencyMs === null ? '—' : `${latencyMs} ms ± ${jitterMs ?? 0} ms`}
          </Fact>
        )}
        <Fact name={copy.health}>{`${healthScore} of 100`}</Fact>
        {deductions.map(({ reason, points }) => (
          <Fact key={reason} name={`− ${points}`}>
            {reason}
          </Fact>
        ))}
        {skew !== null && Math.abs(skew) > skewMsMin && (
          <Fact name={copy.skew}>{copy.skewText(Math.round(skew / 1_000))}</Fact>
        )}
      </dl>
      <h3 className={styles.heading}>{copy.topics}</h3>
      <dl className={styles.facts}>
        {client.topics.topics().map((topic) => {
          const { state, asOf } = client.topicStatus(topic);
          const age = asOf === null ? '' : ` · ${agoText(Date.now() - asOf)}`;
          return <Fact key={topic} name={topicName(topic)}>{`${copy.topicStates[state]}${age}`}</Fact>;
        })}
      </dl>
    </>
  );
}

function leadOf(
  { isOnline, reason, maxReconnectAttempts }: ConnectionStatus,
  state: Described['state'],
): string | null {
  if (state === 'delayed') return copy.delayed;
  if (state === 'signed-out') return reason === 'auth_failed' ? copy.authFailed : copy.authRequired;
  if (state !== 'disconnected') return null;
  if (!isOnline) return copy.noNetwork;
  if (reason === 'forbidden') return copy.forbidden;
  return Number.isFinite(maxReconnectAttempts) ? copy.gaveUp(maxReconnectAttempts) : null;
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
