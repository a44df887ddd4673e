import type { Connection } from './connection/connection.ts';
import { healthOf, type Health } from './connection/health.ts';
import type { ConnectionSettings } from './connection/settings.ts';
import type { RestReason } from './connection/state.ts';
import type { Environment } from './environment/environment.ts';

/** How the connection stands. The same object until something changes. */
export interface ConnectionStatus {
  /**
   * - `connecting`: for the first time since `connect`;
   * - `reconnecting`: it was lost, or could not be had, and is tried again;
   * - `disconnected`: nothing is tried; `reason` says why.
   */
  readonly state: 'connected' | 'connecting' | 'reconnecting' | 'disconnected';
  readonly isConnected: boolean;
  readonly isConnecting: boolean;
  readonly reason: RestReason | null;
  /** Which attempt is next or under way; 0 while connected. */
  readonly reconnectAttempts: number;
  /** `Infinity`: it never gives up. */
  readonly maxReconnectAttempts: number;
  /** Wall-clock time of the next attempt, to be shown; null while none is waited for. */
  readonly nextAttemptAt: number | null;
  readonly connectionError: string | null;
  /** The browser says that there is a network. */
  readonly isOnline: boolean;
  /** Wall-clock time since when it has been connected, or disconnected. */
  readonly since: number | null;
  readonly latencyMs: number | null;
  readonly jitterMs: number | null;
  readonly healthScore: number;
  readonly quality: Health['quality'];
  readonly deductions: Health['deductions'];
  readonly user: string | null;
  readonly tenant: string | null;
  readonly scopes: readonly string[];
}

export function readStatus(
  { state, roundTrips, identity }: Connection,
  { maxReconnectAttempts }: ConnectionSettings,
  environment: Environment,
  since: number | null,
): ConnectionStatus {
  const { phase, failures } = state;
  const isConnected = phase.name === 'open';
  const resting = phase.name === 'resting';
  const tried = state.wasOpen || failures > 0;
  const link = isConnected ? 'connected' : resting ? 'resting' : 'trying';
  const missed = phase.name === 'open' ? phase.missed : 0;
  const { score, quality, deductions } = healthOf({ link, failures, missed, roundTrips });
  const due = state.timers.retry;
  return {
    state: isConnected ? 'connected' : resting ? 'disconnected' : tried ? 'reconnecting' : 'connecting',
    isConnected,
    isConnecting: phase.name === 'authorizing' || phase.name === 'connecting',
    reason: phase.name === 'resting' ? phase.why : null,
    reconnectAttempts: isConnected
      ? 0
      : Math.min(Math.max(failures, Number(state.wasOpen)), maxReconnectAttempts),
    maxReconnectAttempts,
    nextAttemptAt: due === undefined ? null : environment.wallNow() + due - environment.now(),
    connectionError: state.error,
    isOnline: environment.isOnline(),
    since,
    latencyMs: roundTrips && Math.round(roundTrips.latencyMs),
    jitterMs: roundTrips && Math.round(roundTrips.jitterMs),
    healthScore: score,
    quality,
    deductions,
    user: identity?.user ?? null,
    tenant: identity?.tenant ?? null,
    scopes: identity?.scopes ?? noScopes,
  };
}

const noScopes: readonly string[] = [];
