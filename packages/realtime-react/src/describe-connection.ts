import type { ConnectionStatus } from '@trunkline/realtime-client';

export interface Described {
  readonly state: 'connected' | 'connecting' | 'reconnecting' | 'delayed' | 'disconnected' | 'signed-out';
  /** What stands beside the dot; it may count down. */
  readonly words: string;
  /** What is read out: it changes with the state, and not with every second. */
  readonly spoken: string;
}

/** The state of the connection in words. `delayedMs`: how late the slowest topic is, or null. */
export function describeConnection(
  status: ConnectionStatus,
  waitMs: number | null,
  delayedMs: number | null,
): Described {
  const { state, reason, reconnectAttempts, maxReconnectAttempts, isOnline } = status;
  if (reason === 'auth_required' || reason === 'auth_failed') {
    const spoken =
      reason === 'auth_failed' ? 'Your session has ended. Sign in again' : 'Sign in to see live data';
    return { state: 'signed-out', words: reason === 'auth_failed' ? 'Sign in again' : 'Sign in', spoken };
  }
  if (state === 'connected') {
    if (delayedMs === null) return { state, words: 'Live', spoken: 'Live' };
    return { state: 'delayed', words: `Delayed ${seconds(delayedMs)}`, spoken: 'Updates are delayed' };
  }
  if (state === 'connecting') return { state, words: 'Connecting…', spoken: 'Connecting' };
  if (!isOnline) return { state: 'disconnected', words: 'No network', spoken: 'No network' };
  if (state === 'disconnected') {
    return {
      state,
      words: 'Disconnected',
      spoken: reason === 'forbidden' ? 'The server refused the connection' : 'Disconnected',
    };
  }
  const ofMaximum = Number.isFinite(maxReconnectAttempts) ? `/${maxReconnectAttempts}` : '';
  const wait = waitMs === null ? '' : waitMs <= 0 ? ' · any moment' : ` · ${seconds(waitMs)}`;
  return {
    state,
    words: `Reconnecting ${reconnectAttempts}${ofMaximum}${wait}`,
    spoken: `Reconnecting, attempt ${reconnectAttempts}${ofMaximum.replace('/', ' of ')}`,
  };
}

/** Rounded up: a countdown that says 0 has ended. */
const seconds = (ms: number): string => `${Math.ceil(ms / 1_000)} s`;
