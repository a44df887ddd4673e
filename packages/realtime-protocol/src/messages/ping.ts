/** Asks whether the other side is there. Either side may. */
export interface Ping {
  readonly type: 'ping';
  readonly id?: string | number;
}

export interface Pong {
  readonly type: 'pong';
  readonly id?: string | number;
}

/**
 * The ping of the server. With a position it also says that every subscribed topic that is live stands there now: nothing
 * was left out before it, however quiet a topic is.
 */
export interface Heartbeat extends Ping {
  readonly epoch?: string;
  readonly offset?: string;
}
