/** What a connection waits for, with a deadline each. `attempt` bounds a whole attempt, `nextAttempt` that of a successor. */
export type TimerName = 'attempt' | 'retry' | 'heartbeat' | 'pong' | 'stable' | 'move' | 'nextAttempt';

/** Why nothing is tried any more until somebody says so. */
export type RestReason =
  | 'new'
  | 'disconnected'
  /** There is no token. */
  | 'auth_required'
  /** The token was refused twice in a row. */
  | 'auth_failed'
  /** The server said that trying again would end the same way. */
  | 'forbidden'
  | 'max_attempts';

/** A successor is prepared while the present socket still serves. */
export interface Successor {
  readonly stage: 'planned' | 'authorizing' | 'connecting';
  readonly attempt: number;
}

/** A question to the server that waits for its answer. */
export interface Asked {
  readonly id: number;
  readonly at: number;
  /** Asked because something woke up: without an answer the connection is dead at once. */
  readonly probe: boolean;
}

export type Phase =
  | { readonly name: 'resting'; readonly why: RestReason }
  | { readonly name: 'authorizing'; readonly attempt: number }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'waiting'; readonly delayMs: number }
  | {
      readonly name: 'open';
      readonly attempt: number;
      readonly successor: Successor | null;
      readonly asked: Asked | null;
      /** Pings in a row that nobody answered. */
      readonly missed: number;
    };

export interface ConnectionState {
  readonly phase: Phase;
  /** The attempt that was numbered last. What comes of an earlier one concerns nobody. */
  readonly lastAttempt: number;
  /** Attempts that failed in a row; a connection that did not last counts as one. */
  readonly failures: number;
  /** Tokens that were refused in a row. */
  readonly refusals: number;
  /** It was open since the last `connect`. */
  readonly wasOpen: boolean;
  /** How widely the server wants a crowd to be spread. */
  readonly spreadMs: number;
  readonly heartbeatMs: number;
  readonly lastPing: number;
  readonly error: string | null;
  /** When each thing that is waited for is due. Whatever is not named here is not waited for. */
  readonly timers: Readonly<Partial<Record<TimerName, number>>>;
}

export const initialState: ConnectionState = {
  phase: { name: 'resting', why: 'new' },
  lastAttempt: 0,
  failures: 0,
  refusals: 0,
  wasOpen: false,
  spreadMs: 0,
  heartbeatMs: 25_000,
  lastPing: 0,
  error: null,
  timers: {},
};

/** What happened. `at` is the monotonic time, `chance` a random number in [0, 1). */
export type ConnectionEvent = { readonly at: number; readonly chance: number } & (
  | { readonly type: 'connect' | 'disconnect' | 'force' | 'tokenChanged' }
  | { readonly type: 'token'; readonly attempt: number; readonly token: string | null }
  | { readonly type: 'tokenFailed'; readonly attempt: number; readonly error: string }
  | {
      readonly type: 'hello';
      readonly attempt: number;
      readonly heartbeatMs: number;
      readonly spreadMs: number;
    }
  | { readonly type: 'connected'; readonly attempt: number }
  | { readonly type: 'pong'; readonly attempt: number; readonly id: number }
  | { readonly type: 'moving'; readonly attempt: number; readonly afterMs: number }
  | {
      readonly type: 'closed';
      readonly attempt: number;
      readonly code: number;
      readonly error: string;
      readonly retryAfterMs: number;
    }
  /** `heardAt`: when anything was last heard on the open connection. */
  | { readonly type: 'timer'; readonly timer: TimerName; readonly heardAt: number }
  /** The machine slept, or the page was frozen, hidden, or without network; `woke`: what was under way is stale. */
  | { readonly type: 'woke' | 'visible' | 'online' }
  | { readonly type: 'offline' }
);

export type ConnectionEventName =
  | 'connection:connected'
  | 'connection:disconnected'
  | 'connection:failed'
  | 'connection:reconnecting'
  | 'connection:reconnected'
  | 'connection:moved'
  | 'connection:max_attempts_reached'
  | 'connection:auth_required'
  | 'connection:auth_failed'
  | 'connection:health_degraded';

/** What to do about it. */
export type Effect =
  /** `fresh`: the last token was refused, so one from a cache won't do. */
  | { readonly type: 'getToken'; readonly attempt: number; readonly fresh: boolean }
  | { readonly type: 'openSocket'; readonly attempt: number; readonly token: string }
  | { readonly type: 'closeSocket'; readonly attempt: number; readonly code: number }
  | { readonly type: 'ping'; readonly attempt: number; readonly id: number }
  /** From now on this is the socket that serves. */
  | { readonly type: 'serve'; readonly attempt: number }
  /** The socket that served does not any more. */
  | { readonly type: 'lost' }
  | { readonly type: 'renewToken' }
  | { readonly type: 'emit'; readonly name: ConnectionEventName; readonly detail: ConnectionDetail };

export interface ConnectionDetail {
  readonly attempt?: number;
  readonly maxAttempts?: number;
  readonly delayMs?: number;
  readonly code?: number;
  readonly error?: string;
  readonly reason?: string;
  readonly missed?: number;
}
