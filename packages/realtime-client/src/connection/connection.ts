/* oxlint-disable unicorn/prefer-add-event-listener -- one handler each, so that letting go of it is one assignment */
import {
  bearerPrefix,
  subprotocol,
  type Connected,
  type Down,
  type ErrorMessage,
  type Up,
} from '@trunkline/realtime-protocol';
import type { Environment, SocketLike } from '../environment/environment.ts';
import { readMessage } from './read-message.ts';
import { addRoundTrip, type RoundTrips } from './round-trips.ts';
import type { ConnectionSettings } from './settings.ts';
import {
  initialState,
  type ConnectionDetail,
  type ConnectionEvent,
  type ConnectionEventName,
  type ConnectionState,
  type Effect,
  type TimerName,
} from './state.ts';
import { createStep } from './step.ts';
import { createTokenRenewal } from './token-renewal.ts';
import { watchForSleep } from './watch-for-sleep.ts';

/** What the connection asks of whoever uses it. */
export interface ConnectionHost {
  readonly settings: ConnectionSettings;
  readonly environment: Environment;
  readonly url: () => string;
  /** `fresh`: the last one was refused. Null: there is none. */
  readonly getToken: (wanted: { readonly fresh: boolean }) => Promise<string | null> | string | null;
  onServe(identity: Connected): void;
  onLost(): void;
  onMessage(message: Down): void;
  onEvent(name: ConnectionEventName, detail: ConnectionDetail): void;
  onChange(): void;
}

interface Attempt {
  readonly socket: SocketLike;
  identity?: Connected;
  problem?: ErrorMessage;
}

type EventBody = ConnectionEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'at' | 'chance'>
    : never
  : never;

export type Connection = ReturnType<typeof createConnection>;

const openState = 1;
/** No timer of a browser or of Node can be set further ahead. */
export const timerMsMax = 2_147_483_647;

/**
 * Runs the pure step on sockets, timers and chance. It owns every socket, tagged by its attempt; a socket that is let go
 * of is deaf from that moment on, whatever it still wants to say.
 */
export function createConnection(host: ConnectionHost) {
  const { environment, settings } = host;
  const step = createStep(settings);
  const attempts = new Map<number, Attempt>();
  const queue: EventBody[] = [];
  let state: ConnectionState = initialState;
  let serving: Attempt | undefined;
  let heardAt = 0;
  let timer: unknown;
  let roundTrips: RoundTrips | null = null;
  let stopWatching: (() => void) | undefined;
  const renewal = createTokenRenewal(environment, host.getToken, (token) => send({ type: 'auth', token }));

  /** Effects may cause events at once, so events wait in line until the one before is done with. */
  function tell(event: EventBody): void {
    if (queue.push(event) > 1) return;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const at = environment.now();
      const chance = environment.random();
      const [after, effects] = step(state, { ...next, at, chance });
      const changed = after !== state;
      state = after;
      syncTimers();
      for (const effect of effects) attemptTo(effect);
      if (changed) host.onChange();
      queue.shift();
    }
  }

  /** One timer, for whatever is due first. */
  function syncTimers(): void {
    environment.clearTimer(timer);
    const [next] = Object.entries(state.timers).sort(([, one], [, other]) => one - other);
    if (next !== undefined) {
      const ring = () => tell({ type: 'timer', timer: next[0] as TimerName, heardAt });
      timer = environment.setTimer(ring, Math.min(timerMsMax, Math.max(0, next[1] - environment.now())));
    }
    if (state.phase.name === 'resting') {
      stopWatching?.();
      stopWatching = undefined;
    } else stopWatching ??= watch();
  }

  function watch(): () => void {
    const stops = [
      watchForSleep(environment, () => tell({ type: 'woke' })),
      environment.listen((signal) => {
        if (signal !== 'hidden') tell({ type: signal === 'restored' ? 'woke' : signal });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Whatever one effect runs into, the others and the events in line get their turn. */
  function attemptTo(effect: Effect): void {
    try {
      carryOut(effect);
    } catch (error) {
      environment.log.error('a step of the connection went wrong', error);
    }
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'getToken':
        return void getToken(effect.attempt, effect.fresh);
      case 'openSocket':
        return openSocket(effect.attempt, effect.token);
      case 'closeSocket':
        return closeSocket(effect.attempt, effect.code);
      case 'ping':
        return void send({ type: 'ping', id: effect.id });
      case 'serve':
        return serve(effect.attempt);
      case 'lost':
        serving = undefined;
        renewal.stop();
        return host.onLost();
      case 'renewToken':
        return renewal.now();
      case 'emit':
        return host.onEvent(effect.name, effect.detail);
    }
  }

  async function getToken(attempt: number, fresh: boolean): Promise<void> {
    try {
      const token = await host.getToken({ fresh });
      tell({ type: 'token', attempt, token: token || null });
    } catch (error) {
      tell({ type: 'tokenFailed', attempt, error: `no token could be had: ${messageOf(error)}` });
    }
  }

  function openSocket(attempt: number, token: string): void {
    let socket: SocketLike;
    try {
      socket = new environment.WebSocket(host.url(), [subprotocol, bearerPrefix + token]);
    } catch (error) {
      const message = `the socket could not be opened: ${messageOf(error)}`;
      return tell({ type: 'closed', attempt, code: 0, error: message, retryAfterMs: 0 });
    }
    const made: Attempt = { socket };
    attempts.set(attempt, made);
    socket.onmessage = ({ data }: { readonly data: unknown }) => hear(attempt, made, data);
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      attempts.delete(attempt);
      letGoOf(socket);
      const { problem } = made;
      const error = problem?.message ?? (reason || `the connection was closed (${code})`);
      tell({ type: 'closed', attempt, code, error, retryAfterMs: problem?.retryAfterMs ?? 0 });
    };
    // A close follows each error and tells more.
    socket.onerror = ignore;
  }

  function closeSocket(attempt: number, code: number): void {
    const made = attempts.get(attempt);
    if (made === undefined) return;
    attempts.delete(attempt);
    letGoOf(made.socket);
    try {
      made.socket.close(code);
    } catch {
      // It is let go of all the same.
    }
  }

  function serve(attempt: number): void {
    serving = attempts.get(attempt);
    heardAt = environment.now();
    if (serving?.identity === undefined) return;
    renewal.start(serving.identity.expiresInMs);
    host.onServe(serving.identity);
  }

  function hear(attempt: number, made: Attempt, data: unknown): void {
    const message = readMessage(data);
    if (message === undefined) return environment.log.warn('the server said something unreadable');
    if (made === serving) heardAt = environment.now();
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all else is for the topics
    switch (message.type) {
      case 'hello': {
        const { heartbeatMs, spreadMs } = message;
        return tell({ type: 'hello', attempt, heartbeatMs, spreadMs });
      }
      case 'connected':
        made.identity = message;
        return tell({ type: 'connected', attempt });
      case 'ping': {
        // From here and not from a timer: those of a hidden page come once a minute.
        const { id } = message;
        sendOn(made, id === undefined ? { type: 'pong' } : { type: 'pong', id });
        break;
      }
      case 'pong':
        return hearPong(attempt, Number(message.id));
      case 'moving':
        return tell({ type: 'moving', attempt, afterMs: message.afterMs });
      case 'renewed':
        if (made === serving) renewal.start(message.expiresInMs);
        return;
      case 'error':
        made.problem = message;
        if (message.kind === 'renewal_failed') renewal.refused();
        break;
      default:
    }
    if (made === serving) host.onMessage(message);
  }

  function hearPong(attempt: number, id: number): void {
    const { phase } = state;
    if (phase.name === 'open' && phase.attempt === attempt && phase.asked?.id === id) {
      roundTrips = addRoundTrip(roundTrips, environment.now() - phase.asked.at);
    }
    tell({ type: 'pong', attempt, id });
  }

  function send(message: Up): boolean {
    return serving !== undefined && sendOn(serving, message);
  }

  function sendOn({ socket }: Attempt, message: Up): boolean {
    if (socket.readyState !== openState) return false;
    try {
      socket.send(JSON.stringify(message));
      return true;
    } catch {
      // A browser's socket that is about to close.
      return false;
    }
  }

  return {
    tell,
    send,
    get state() {
      return state;
    },
    get roundTrips() {
      return roundTrips;
    },
    get identity() {
      return serving?.identity;
    },
  };
}

const ignore = () => undefined;

function letGoOf(socket: SocketLike): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  // Not null: some sockets throw an error that nobody listens to.
  socket.onerror = ignore;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
