import { begin, heartbeatOf, lose, wakeSpreadMs } from './attempts.ts';
import { closeSocket, emit, type Open, type Turn } from './turn.ts';

/** A timer that rings this late was held back: the machine slept, or the page is throttled. It proves nothing. */
export const lateMs = 2_000;
/** How long a server may take to answer when a machine has just woken up. */
export const probeMs = 5_000;

/** Asks whether the server is there. `probe`: because something woke up, so that silence is an answer at once. */
export function ask({ state, effects, at, settings }: Turn, phase: Open, probe: boolean): void {
  const id = ++state.lastPing;
  state.phase = { ...phase, asked: { id, at, probe } };
  state.timers.pong = at + (probe ? Math.min(probeMs, settings.pongTimeout) : settings.pongTimeout);
  delete state.timers.heartbeat;
  effects.push({ type: 'ping', attempt: phase.attempt, id });
}

/** One question at a time: waking up often must not put off the answer. */
export function probe(turn: Turn, phase: Open): void {
  const { pong = 0 } = turn.state.timers;
  if (phase.asked?.probe !== true || pong < turn.at) ask(turn, phase, true);
}

export function alive(turn: Turn, phase: Open): void {
  const { state, at } = turn;
  state.phase = { ...phase, asked: null, missed: 0 };
  state.timers.heartbeat = at + heartbeatOf(turn);
  delete state.timers.pong;
}

export function pongDue(turn: Turn, phase: Open, heardAt: number, late: boolean): void {
  const { asked, attempt } = phase;
  if (asked && heardAt >= asked.at) return alive(turn, phase);
  // The answer may lie unread behind this timer: ask once more before anything is closed.
  if (late) return ask(turn, phase, true);
  const missed = phase.missed + 1;
  emit(turn, 'connection:health_degraded', { missed });
  if (asked?.probe !== true && missed < turn.settings.unhealthyThreshold) {
    return ask(turn, { ...phase, missed }, false);
  }
  closeSocket(turn, attempt, 4408);
  lose(turn, attempt, { code: 4408, error: 'the server does not answer' });
}

/** The machine woke up, somebody looks at the page again, or the network is back. */
export function woke(turn: Turn, why: 'woke' | 'visible' | 'online'): void {
  const { state, at, chance, settings } = turn;
  const { phase, timers } = state;
  if (phase.name === 'open') return probe(turn, phase);
  if (phase.name === 'waiting') {
    // Trying anew whenever somebody looks at the page would be a tight loop.
    if (why === 'visible' && state.failures > 3) return;
    const soon = at + chance * Math.max(wakeSpreadMs, why === 'online' ? state.spreadMs : 0);
    timers.retry = Math.min(timers.retry ?? soon, soon);
  } else if (phase.name !== 'resting' && why !== 'visible') {
    // What was under way hangs on a network that is not there any more, unless it has just begun.
    const beganAt = (timers.attempt ?? at) - settings.connectionTimeout;
    if (at - beganAt < wakeSpreadMs) return;
    closeSocket(turn, phase.attempt);
    begin(turn);
  }
}
