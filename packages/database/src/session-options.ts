/**
 * How long PostgreSQL waits for a client that has fallen silent inside a transaction before it ends the session and
 * with it the locks. This is what takes a shard from a worker that was frozen: its commit, sent when it wakes up,
 * finds no session any more. Long enough for a garbage collection, short enough that nobody misses the shard.
 */
export const idleInTransactionMs = 3000;

/** A client that stopped reading holds its locks from within a send, where the limit above does not count. */
const unreadMs = 4000;

/** How often and how patiently the server asks a silent socket whether anybody is still there. */
const keepalive = { idleSeconds: 5, intervalSeconds: 2, count: 3 };

/** Sent when a session starts; behind a pooler that drops start-up options, set the same on the role. */
export const sessionOptions = [
  `idle_in_transaction_session_timeout=${idleInTransactionMs}`,
  `tcp_user_timeout=${unreadMs}`,
  `tcp_keepalives_idle=${keepalive.idleSeconds}`,
  `tcp_keepalives_interval=${keepalive.intervalSeconds}`,
  `tcp_keepalives_count=${keepalive.count}`,
  'TimeZone=UTC',
]
  .map((option) => `-c ${option}`)
  .join(' ');
