import type { RedisOptions } from 'ioredis';

/** What a connection is opened for decides how it behaves when the link breaks. */
export type RedisPurpose =
  | 'commands'
  | 'blocking reader'
  | 'subscriber'
  | 'bullmq producer'
  | 'bullmq worker';

/** A purpose of ours, or a name of the caller's own, which behaves like `commands` but for what it overrides. */
export type PurposeName = RedisPurpose | (string & Record<never, never>);

/** Where a connection goes is the registry's business, and `replyMapping` would change the types of all replies. */
type FixedOption = 'replyMapping' | 'host' | 'port' | 'path' | 'sentinels' | 'himportFieldsets';

/** Options of ioredis that differ from what the purpose says, and the bound of a reader. */
export interface OpenOptions extends Omit<RedisOptions, FixedOption> {
  /** For a blocking reader: the longest BLOCK it will ask for. */
  readonly blockMsMax?: number;
}

export const BLOCK_MS_MAX_DEFAULT = 5_000;

/**
 * A blocked read may last a little longer than asked (old servers restart the timer when another reader takes the
 * entry), so the watchdog of a reader allows for this much more before it calls the socket dead.
 */
export const BLOCK_GRACE_MS = 2_000;

/** Any command of ours is answered in milliseconds; a link that is silent for this long is half open. */
export const SILENCE_MS_MAX = 5_000;

export type PurposeOptions = Pick<
  RedisOptions,
  'maxRetriesPerRequest' | 'autoResendUnfulfilledCommands' | 'socketTimeout'
> & { enableOfflineQueue: boolean };

/**
 * Every command is sent at most once, and its promise settles when the link breaks.
 *
 * The two options belong together. Resending duplicates an XADD whose answer was lost. Without resending, ioredis 6
 * forgets the commands under way at a reconnect, so their promises never settle, unless it flushes them at the
 * close, which it does at once only for 0 retries.
 */
const SENT_AT_MOST_ONCE = { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false } as const;

export function optionsFor(purpose: PurposeName, blockMsMax = BLOCK_MS_MAX_DEFAULT): PurposeOptions {
  switch (purpose) {
    case 'blocking reader':
      // The socket timeout is the watchdog against a half-open link: it runs only while a read is under way.
      return {
        ...SENT_AT_MOST_ONCE,
        enableOfflineQueue: false,
        socketTimeout: blockMsMax + BLOCK_GRACE_MS,
      };
    case 'subscriber':
      // A subscription asked for during an outage is made on return, and the existing ones are renewed. Silence
      // is normal on a channel, so there is no watchdog here: whoever needs one probes with a message of its own.
      return { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: true, enableOfflineQueue: true };
    case 'bullmq worker':
      // BullMQ demands unlimited retries of a worker's connection; it guards its own blocking reads.
      return { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: true, enableOfflineQueue: true };
    case 'commands':
    case 'bullmq producer':
    default:
      // No offline queue: while Redis is away a caller learns it at once and decides, where a queue would
      // grow without bound and let late commands through. Wait for `whenReady` before the first command.
      return { ...SENT_AT_MOST_ONCE, enableOfflineQueue: false, socketTimeout: SILENCE_MS_MAX };
  }
}
