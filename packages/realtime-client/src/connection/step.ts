import {
  attemptFailed,
  begin,
  beginAnew,
  connected,
  forget,
  leave,
  lose,
  move,
  planMove,
  rest,
  takeToken,
} from './attempts.ts';
import { alive, ask, lateMs, pongDue, probe, woke } from './liveness.ts';
import type { ConnectionSettings } from './settings.ts';
import type { ConnectionEvent, ConnectionState, Effect, TimerName } from './state.ts';
import { concerns, successorOf, type Turn } from './turn.ts';

/**
 * The connection, as a pure step from what is and what happens to what is then and what to do about it. It is total: any
 * event may come in any state.
 *
 * 1. There is one attempt at a time and one socket; while the server moves us there may be its successor beside it.
 * 2. Whatever comes of an attempt that is not the present one changes nothing.
 * 3. Every state that waits has a deadline; only `resting` has none, and is left by a call or a new token alone.
 * 4. `disconnect` is final until `connect`.
 * 5. Failures are forgotten after a connection has lasted, not when it opens, so that no loop is ever tight.
 */
export function createStep(
  settings: ConnectionSettings,
): (state: ConnectionState, event: ConnectionEvent) => readonly [ConnectionState, readonly Effect[]] {
  return (before, event) => {
    const { at, chance } = event;
    const state = { ...before, timers: { ...before.timers } };
    const turn: Turn = { settings, at, chance, state, effects: [] };
    decide(turn, event);
    return [state, turn.effects];
  };
}

function decide(turn: Turn, event: ConnectionEvent): void {
  const { state, at } = turn;
  const { phase } = state;
  switch (event.type) {
    case 'connect':
      if (phase.name === 'resting') beginAnew(turn);
      return;
    case 'force':
      leave(turn, 'forced');
      return beginAnew(turn);
    case 'disconnect':
      leave(turn, 'disconnected');
      state.error = null;
      return rest(turn, 'disconnected');
    case 'tokenChanged':
      if (phase.name === 'open') turn.effects.push({ type: 'renewToken' });
      else if (phase.name === 'resting' && phase.why.startsWith('auth')) beginAnew(turn);
      return;
    case 'token':
      return takeToken(turn, event.attempt, event.token);
    case 'tokenFailed':
      return attemptFailed(turn, event.attempt, event);
    case 'hello':
      if (!concerns(state, event.attempt) && !successorOf(state, event.attempt)) return;
      state.heartbeatMs = event.heartbeatMs;
      state.spreadMs = event.spreadMs;
      return;
    case 'connected':
      return connected(turn, event.attempt);
    case 'closed':
      return lose(turn, event.attempt, event);
    case 'pong':
      if (phase.name === 'open' && phase.attempt === event.attempt && phase.asked?.id === event.id) {
        alive(turn, phase);
      }
      return;
    case 'moving':
      if (phase.name === 'open' && phase.attempt === event.attempt && !phase.successor) {
        planMove(turn, phase, at + event.afterMs);
      }
      return;
    case 'timer':
      return ring(turn, event.timer, event.heardAt);
    case 'woke':
    case 'visible':
    case 'online':
      return woke(turn, event.type);
    case 'offline':
      // Browsers err about this. What is open is asked, what waits goes on waiting.
      if (phase.name === 'open') probe(turn, phase);
  }
}

function ring(turn: Turn, timer: TimerName, heardAt: number): void {
  const { state, at } = turn;
  const { phase, timers } = state;
  const due = timers[timer];
  if (due === undefined) return;
  delete timers[timer];
  const late = at - due > lateMs;
  if (timer === 'retry') return begin(turn);
  if (timer === 'attempt' || timer === 'nextAttempt') {
    return attemptFailed(turn, state.lastAttempt, { error: 'no connection in time' });
  }
  if (timer === 'stable') return forget(turn);
  if (phase.name !== 'open') return;
  if (timer === 'heartbeat') ask(turn, phase, late);
  else if (timer === 'pong') pongDue(turn, phase, heardAt, late);
  else move(turn, phase);
}
