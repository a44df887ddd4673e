import type { ConnectionStatus as Status, TopicStatus } from '@trunkline/realtime-client';
import {
  useCallback,
  useId,
  useState,
  useSyncExternalStore,
  type FocusEvent,
  type KeyboardEvent,
} from 'react';
import { describeConnection } from './describe-connection.ts';
import { useRealtime } from './realtime-provider.tsx';
import { useConnection } from './use-connection.ts';
import { useNow } from './use-now.ts';

export interface ConnectionStatusProps {
  /** Health and round trips in the panel as well. */
  readonly showDetails?: boolean;
  /** To which side of the indicator the panel is flush; `end` for one in a right-hand corner. */
  readonly align?: 'start' | 'end';
  /** Offered where somebody must sign in. */
  readonly onSignIn?: () => void;
}

/**
 * How this page is connected, always true: a dot and a word, and a panel with the details and a way to try again. Style it by
 * its class names, or take `connection-status.css`.
 */
export function ConnectionStatus({ showDetails = false, align = 'start', onSignIn }: ConnectionStatusProps) {
  const connection = useConnection();
  const delayed = useDelayed();
  const panelId = useId();
  const [isPinned, pin] = useState(false);
  const [isPointed, point] = useState(false);
  const isOpen = isPinned || isPointed;
  const { nextAttemptAt } = connection;
  const now = useNow(nextAttemptAt !== null || delayed !== null || isOpen);
  const waitMs = nextAttemptAt === null ? null : nextAttemptAt - now;
  const { state, words, spoken } = describeConnection(
    connection,
    waitMs,
    delayed && now - (delayed.asOf ?? now),
  );

  const close = () => {
    pin(false);
    point(false);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') close();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!(currentTarget as unknown as { contains(node: unknown): boolean }).contains(relatedTarget)) close();
  };

  return (
    <div
      className="tl-connection"
      data-state={state}
      data-align={align}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      onMouseEnter={() => point(true)}
      onMouseLeave={() => point(false)}
    >
      <button
        type="button"
        className="tl-connection-button"
        aria-label={`Connection: ${spoken}`}
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => pin(!isPinned)}
      >
        <span className="tl-connection-dot" aria-hidden="true" />
        <span className="tl-connection-text">{words}</span>
      </button>
      <span className="tl-connection-spoken" role="status" aria-live="polite">
        {spoken}
      </span>
      <div
        id={panelId}
        className="tl-connection-panel"
        role="group"
        aria-label="Connection details"
        hidden={!isOpen}
      >
        {isOpen && <Details {...{ connection, spoken, waitMs, showDetails }} />}
        {state === 'signed-out' && onSignIn && (
          <button type="button" className="tl-connection-retry" onClick={onSignIn}>
            Sign in
          </button>
        )}
        {(state === 'reconnecting' || state === 'disconnected') && (
          <button
            type="button"
            className="tl-connection-retry"
            onClick={() => void connection.forceReconnect()}
          >
            Retry now
          </button>
        )}
      </div>
    </div>
  );
}

interface DetailsProps {
  readonly connection: Status;
  readonly spoken: string;
  readonly waitMs: number | null;
  readonly showDetails: boolean;
}

function Details({ connection, spoken, waitMs, showDetails }: DetailsProps) {
  const { since, isConnected, connectionError, latencyMs, jitterMs, healthScore, deductions } = connection;
  const rows: [string, string | null][] = [
    ['State', spoken],
    [isConnected ? 'Since' : 'Showing data as of', since === null ? null : timeOf(since)],
    ['Last error', connectionError],
    [
      'Next attempt',
      waitMs === null ? null : waitMs <= 0 ? 'any moment' : `in ${Math.ceil(waitMs / 1_000)} s`,
    ],
    ['Health', showDetails ? `${healthScore} of 100` : null],
    ...deductions.map(({ reason, points }): [string, string | null] => [
      `− ${points}`,
      showDetails ? reason : null,
    ]),
    ['Round trip', showDetails && latencyMs !== null ? `${latencyMs} ms, ± ${jitterMs ?? 0} ms` : null],
  ];
  return (
    <dl className="tl-connection-details">
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name + value}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The topic that is furthest behind while the connection is fine; null where none is. */
function useDelayed(): TopicStatus | null {
  const { client } = useRealtime();
  const read = () =>
    client.topics
      .topics()
      .map((topic) => client.topicStatus(topic))
      .filter(({ state }) => state === 'delayed' || state === 'stale')
      .reduce<TopicStatus | null>(
        (worst, one) => ((one.asOf ?? 0) < (worst?.asOf ?? Infinity) ? one : worst),
        null,
      );
  const subscribe = useCallback((listener: () => void) => client.on('topic:status', listener), [client]);
  return useSyncExternalStore(subscribe, read, read);
}

const timeOf = (at: number): string => new Date(at).toLocaleTimeString();
