import type { ConnectionStatus } from '@trunkline/realtime-client';
import type { LoggedEvent, RoundTrip } from '../../live/connection-log.ts';

export interface ShownTopic {
  readonly topic: string;
  readonly state: string;
  readonly asOf: number | null;
}

interface Told {
  readonly version: string;
  readonly at: number;
  readonly userAgent: string;
  readonly connection: ConnectionStatus;
  readonly skewMs: number | null;
  readonly topics: readonly ShownTopic[];
  readonly events: readonly LoggedEvent[];
  readonly trips: readonly RoundTrip[];
}

const iso = (at: number): string => new Date(at).toISOString();

/** For whoever helps: all of how this browser is connected, and nothing that must not be passed on, such as a token. */
export function diagnosticsText({
  version,
  at,
  userAgent,
  connection,
  skewMs,
  topics,
  events,
  trips,
}: Told): string {
  const { state, reason, reconnectAttempts, connectionError, isOnline, since, healthScore, deductions } =
    connection;
  return JSON.stringify(
    {
      version,
      at: iso(at),
      userAgent,
      connection: {
        state,
        reason,
        reconnectAttempts,
        error: connectionError,
        isOnline,
        since: since === null ? null : iso(since),
        latencyMs: connection.latencyMs,
        jitterMs: connection.jitterMs,
        healthScore,
        deductions,
      },
      clockSkewMs: skewMs === null ? null : Math.round(skewMs),
      topics: topics.map(({ asOf, ...topic }) => ({ ...topic, asOf: asOf === null ? null : iso(asOf) })),
      events: events.map(({ at: when, ...event }) => ({ at: iso(when), ...event })),
      roundTripsMs: trips.map(({ ms }) => ms),
    },
    null,
    2,
  );
}

/** The middle and the slow end of what was measured; null where nothing was. */
export function tripSummary(
  trips: readonly RoundTrip[],
): { readonly p50: number; readonly p95: number } | null {
  if (trips.length === 0) return null;
  const sorted = trips.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}
