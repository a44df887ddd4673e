import { remedies } from '@trunkline/realtime-protocol';
import { retryDelay } from './retry-delay.ts';
import type { ConnectionSettings } from './settings.ts';
import type { RestReason } from './state.ts';
import { closeSocket, concerns, emit, successorOf, type Open, type Turn } from './turn.ts';

/** A whole office gets its network back at the same moment. */
export const wakeSpreadMs = 1_000;
/** Whoever lost a good connection is back within this, unless the server wants a wider spread. */
export const backAtOnceMs = 500;
/** However long a server wants us to stay away. */
export const retryAfterMaxMs = 300_000;

export interface Failure {
  readonly error: string;
  readonly code?: number;
  readonly retryAfterMs?: number;
}

export function begin({ state, effects, at, settings }: Turn): void {
  const attempt = ++state.lastAttempt;
  state.phase = { name: 'authorizing', attempt };
  state.timers = { attempt: at + settings.connectionTimeout };
  effects.push({ type: 'getToken', attempt, fresh: state.refusals > 0 });
}

/** Somebody wants it: what failed before does not count any more. */
export function beginAnew(turn: Turn): void {
  forget(turn);
  turn.state.error = null;
  begin(turn);
}

export function forget({ state }: Turn): void {
  state.failures = 0;
  state.refusals = 0;
}

export function rest({ state }: Turn, why: RestReason): void {
  state.phase = { name: 'resting', why };
  state.wasOpen = false;
  state.timers = {};
}

/** Lets go of everything that is there. */
export function leave(turn: Turn, reason: string): void {
  const { phase } = turn.state;
  if (phase.name === 'resting') return;
  if (phase.name === 'open') {
    if (phase.successor) closeSocket(turn, phase.successor.attempt);
    turn.effects.push({ type: 'lost' });
  }
  if ('attempt' in phase) closeSocket(turn, phase.attempt);
  emit(turn, 'connection:disconnected', { code: 1000, reason });
}

export function takeToken(turn: Turn, attempt: number, token: string | null): void {
  const { state, effects } = turn;
  const { phase } = state;
  const coming = successorOf(state, attempt);
  if (coming?.successor?.stage === 'authorizing') {
    if (token === null) return attemptFailed(turn, attempt, { error: 'there is no token' });
    state.phase = { ...coming, successor: { stage: 'connecting', attempt } };
  } else if (phase.name === 'authorizing' && phase.attempt === attempt) {
    if (token === null) return signedOut(turn, 'auth_required');
    state.phase = { name: 'connecting', attempt };
  } else return;
  effects.push({ type: 'openSocket', attempt, token });
}

export function connected(turn: Turn, attempt: number): void {
  const { state, effects, at, settings } = turn;
  const coming = successorOf(state, attempt);
  const { phase, failures } = state;
  const isComing = coming?.successor?.stage === 'connecting';
  if (!isComing && !(phase.name === 'connecting' && phase.attempt === attempt)) return;
  state.phase = { name: 'open', attempt, successor: null, asked: null, missed: 0 };
  state.timers = { heartbeat: at + heartbeatOf(turn), stable: at + settings.minimumUptime };
  state.error = null;
  effects.push({ type: 'serve', attempt });
  const detail = { attempt: failures };
  if (isComing) {
    closeSocket(turn, coming.attempt);
    return emit(turn, 'connection:moved', detail);
  }
  if (state.wasOpen) emit(turn, 'connection:reconnected', detail);
  state.wasOpen = true;
  emit(turn, 'connection:connected', detail);
}

/** A socket is gone, or is given up. */
export function lose(turn: Turn, attempt: number, why: Failure): void {
  const { state, effects, at, chance, settings } = turn;
  const { phase } = state;
  if (phase.name !== 'open' || phase.attempt !== attempt) return attemptFailed(turn, attempt, why);
  const { error, code = 0 } = why;
  const lasted = state.failures === 0 && state.timers.stable === undefined;
  state.error = error;
  effects.push({ type: 'lost' });
  emit(turn, 'connection:disconnected', { code, error });
  const { successor } = phase;
  if (successor && successor.stage !== 'planned') {
    // The next socket is on its way already.
    state.phase = { name: successor.stage, attempt: successor.attempt };
    state.timers = { attempt: state.timers.nextAttempt ?? at + settings.connectionTimeout };
  } else if (lasted && isNoRefusal(code, settings)) {
    // Nothing speaks against trying at once; only not all at the same moment.
    wait(turn, chance * Math.max(state.spreadMs, backAtOnceMs), 1);
  } else fail(turn, why);
}

/**
 * The server wants us elsewhere, or it is gone, or the way to it is: codes below 1009 are no word of it. The presets say themselves
 * how long they wait after that.
 */
function isNoRefusal(code: number, { fullJitter, maxReconnectAttempts }: ConnectionSettings): boolean {
  if (code === 4408 || remedies[code] === 'move') return true;
  return code < 1009 && fullJitter && maxReconnectAttempts > 0;
}

/** An attempt came to nothing: of the connection itself, or of the successor of one that still serves. */
export function attemptFailed(turn: Turn, attempt: number, why: Failure): void {
  const { state, at, chance, settings } = turn;
  const coming = successorOf(state, attempt);
  if (!coming && (!concerns(state, attempt) || state.phase.name === 'open')) return;
  closeSocket(turn, attempt);
  state.error = why.error;
  if (!coming) return fail(turn, why);
  state.failures += 1;
  planMove(turn, coming, at + retryDelay(state.failures, chance, settings));
  tellFailure(turn, why);
}

/** What comes of a failure is decided by the code with which the socket was closed. */
function fail(turn: Turn, why: Failure): void {
  const { state, chance, settings } = turn;
  const { maxReconnectAttempts } = settings;
  const remedy = remedies[why.code ?? 0];
  const failures = ++state.failures;
  tellFailure(turn, why);
  if (remedy === 'stop') return rest(turn, 'forbidden');
  if (remedy === 'authenticate') return ++state.refusals > 1 ? signedOut(turn, 'auth_failed') : begin(turn);
  if (failures > maxReconnectAttempts) {
    rest(turn, 'max_attempts');
    const detail = { attempt: maxReconnectAttempts, maxAttempts: maxReconnectAttempts, error: why.error };
    return emit(turn, 'connection:max_attempts_reached', detail);
  }
  const told = Math.min(why.retryAfterMs ?? 0, retryAfterMaxMs);
  const spread = told > 0 || failures === 1 ? chance * state.spreadMs : 0;
  wait(turn, Math.max(retryDelay(failures, chance, settings), told) + spread, failures);
}

function wait(turn: Turn, delayMs: number, attempt: number): void {
  const { state, at, settings } = turn;
  state.phase = { name: 'waiting', delayMs };
  state.timers = { retry: at + delayMs };
  const { maxReconnectAttempts: maxAttempts } = settings;
  emit(turn, 'connection:reconnecting', { attempt, maxAttempts, delayMs, error: state.error ?? '' });
}

function signedOut(turn: Turn, why: 'auth_required' | 'auth_failed'): void {
  rest(turn, why);
  emit(turn, `connection:${why}`, { error: turn.state.error ?? why });
}

function tellFailure(turn: Turn, { error, code }: Failure): void {
  const { maxReconnectAttempts: maxAttempts } = turn.settings;
  const detail = { attempt: turn.state.failures, maxAttempts, error };
  emit(turn, 'connection:failed', code === undefined ? detail : { ...detail, code });
}

/** The server wants us elsewhere, or a move did not succeed: a successor is planned, while the present socket serves. */
export function planMove({ state }: Turn, phase: Open, due: number): void {
  state.phase = { ...phase, successor: { stage: 'planned', attempt: 0 } };
  state.timers.move = due;
  delete state.timers.nextAttempt;
}

export function move({ state, effects, at, settings }: Turn, phase: Open): void {
  const attempt = ++state.lastAttempt;
  state.phase = { ...phase, successor: { stage: 'authorizing', attempt } };
  state.timers.nextAttempt = at + settings.connectionTimeout;
  effects.push({ type: 'getToken', attempt, fresh: false });
}

export const heartbeatOf = ({ state, settings }: Turn): number =>
  settings.heartbeatInterval || state.heartbeatMs;
