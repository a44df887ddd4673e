/**
 * What a client does about a problem:
 * - `fix`: nothing is closed; what was asked for is not done, and asking for the same again brings the same;
 * - `retry`: ask again, after `retryAfterMs` if that is told; a closed socket is opened anew, with the usual back-off;
 * - `move`: open the next socket at once, or in the slot that `moving` gave;
 * - `authenticate`: get a new token, then open the next socket; without one there is nothing to try;
 * - `stop`: don't come back by yourself; it would end the same way.
 */
export type Remedy = 'fix' | 'retry' | 'move' | 'authenticate' | 'stop';

interface Ending {
  /** With which code the socket closes; null where it stays open. */
  readonly code: number | null;
  readonly remedy: Remedy;
}

/** Every kind of problem that the server tells: in an `error`, and as the reason of the close if it closes. */
export const endings = {
  /** Not JSON, not an object, not text, or a known message with fields that make no sense. */
  malformed: { code: 4400, remedy: 'stop' },
  /** No token came in time, neither beside the subprotocol nor in a first `auth`. */
  auth_required: { code: 4401, remedy: 'authenticate' },
  /** The token is not good; the message says why. */
  auth_failed: { code: 4401, remedy: 'authenticate' },
  /** The token was good until now. */
  auth_expired: { code: 4401, remedy: 'authenticate' },
  /** The token, or all tokens of its user, were revoked. */
  auth_revoked: { code: 4401, remedy: 'authenticate' },
  /** Nobody can say now whether the token is good. */
  auth_unavailable: { code: 1013, remedy: 'retry' },
  /** Whoever this is has no business here. */
  forbidden: { code: 4403, remedy: 'stop' },
  /** Nothing was heard of the client for too long, or it took nothing off its socket. */
  heartbeat_missed: { code: 4408, remedy: 'retry' },
  too_many_connections: { code: 4429, remedy: 'retry' },
  too_many_messages: { code: 4429, remedy: 'retry' },
  /** This process stops. */
  restarting: { code: 1012, remedy: 'move' },
  /** This process has as many clients as it can serve. */
  overloaded: { code: 1013, remedy: 'retry' },
  /** A mistake of ours. */
  internal: { code: 1011, remedy: 'retry' },

  /** A message type that this server does not know. */
  unknown_type: { code: null, remedy: 'fix' },
  /** A text that is no topic. */
  unknown_topic: { code: null, remedy: 'fix' },
  /** The topic or command needs a scope that the token does not have, or belongs to somebody else. */
  not_allowed: { code: null, remedy: 'fix' },
  too_many_subscriptions: { code: null, remedy: 'fix' },
  /** The token that should have replaced the present one is not good. The present one still counts. */
  renewal_failed: { code: null, remedy: 'authenticate' },
  /** The topic can't be served just now; the client is not subscribed to it. */
  unavailable: { code: null, remedy: 'retry' },
} as const satisfies Record<string, Ending>;

export type ProblemKind = keyof typeof endings;

/** What to do when a socket has closed, whoever closed it. A code that is not listed is a fault on the way: `retry`. */
export const remedies: Readonly<Record<number, Remedy>> = {
  /** Too big a message: what this client sends is wrong. */
  1009: 'stop',
  1012: 'move',
  4400: 'stop',
  4401: 'authenticate',
  4403: 'stop',
};
